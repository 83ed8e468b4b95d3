-- The page groups of a site in their order, a row for each of their patterns.
-- Takes  :site.
-- Gives  name, pattern.
select name, pattern
from page_groups
join page_group_patterns on group_id = page_groups.id
where site_id = :site
order by place, page_groups.id, weight desc, pattern
