-- Pain points that a site took on.
-- Takes  :site.
-- Gives  id.
select id
from pain_points
where site_id = :site
order by id
