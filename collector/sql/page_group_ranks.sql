-- The patterns of a site's page groups, those first that win over others; as in the view grouped_pages.
-- Takes  :site.
-- Gives  name, pattern, glob.
select name, pattern, glob
from page_groups
join page_group_patterns on group_id = page_groups.id
where site_id = :site
order by weight desc, place, page_groups.id, pattern
