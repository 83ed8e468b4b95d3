-- The saved funnels of a site.
-- Takes  :site.
-- Gives  key, name, definition, version.
select key, name, definition, version
from funnels
where site_id = :site
order by name, id
