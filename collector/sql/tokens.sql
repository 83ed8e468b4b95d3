-- The tokens of one site, newest first.
-- Takes  :site.
-- Gives  id, site_id, name, scopes, created_at, expires_at, used_at.
select id, site_id, name, scopes, created_at, expires_at, used_at
from tokens
where site_id = :site
order by created_at desc, id desc
