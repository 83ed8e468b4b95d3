-- The same of the chosen ones among them.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  sessions, conversions, purchases, revenue, squares (of each session's revenue).
with fresh as materialized (
    /*journeys/first_sessions*/
)
select count(*) as sessions, coalesce(sum(conversions), 0) as conversions, coalesce(sum(purchases), 0) as purchases,
       coalesce(sum(revenue), 0) as revenue, coalesce(sum(1.0 * revenue * revenue), 0.0) as squares
from sessions
where site_id = :site and id in (select id from fresh)
/*filters*/
