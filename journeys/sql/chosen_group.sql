-- Which pages the page groups have that a filter means.
-- Takes  :site.
-- Gives  id.
select page as id
from grouped_pages
where site_id = :site
/*filters*/
