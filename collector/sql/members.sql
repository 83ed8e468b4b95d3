-- The people of one site, owners first.
-- Takes  :site.
-- Gives  user_id, email, name, role.
select users.id as user_id, email, name, role
from members join users on users.id = members.user_id
where site_id = :site
order by role, email
