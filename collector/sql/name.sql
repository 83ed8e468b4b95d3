-- The id of a text.
-- Takes  :text.
-- Gives  id.
select id from names where text = :text
