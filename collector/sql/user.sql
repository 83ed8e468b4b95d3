-- One user, by id or by e-mail.
-- Takes  :user, :email; one of them null.
-- Gives  id, email, name, language, may_add_sites.
select id, email, name, language, may_add_sites
from users
where id = :user or email = :email
order by id
limit 1
