-- Which goals a filter means.
-- Takes  :site.
-- Gives  id.
select id
from goals
where site_id = :site
/*filters*/
