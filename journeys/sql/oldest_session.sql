-- The oldest session that a site still has.
-- Takes  :site.
-- Gives  id; no row when there is none.
select id
from sessions
where site_id = :site
order by id
limit 1
