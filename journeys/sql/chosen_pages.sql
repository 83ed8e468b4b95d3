-- Which pages a filter means.
-- Takes  :site.
-- Gives  id.
select id
from pages
where site_id = :site
/*filters*/
