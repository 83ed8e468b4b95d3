-- Every user, in the order they came.
-- Gives  id.
select id from users order by id
