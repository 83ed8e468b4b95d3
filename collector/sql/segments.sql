-- The segments of one site, by name.
-- Takes  :site.
-- Gives  id, site_id, key, name, filters (JSON), created_at, made_by.
select id, site_id, key, name, filters, created_at, made_by
from segments
where site_id = :site
order by name, key
