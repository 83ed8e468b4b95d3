-- How many of the sessions were chosen, and in how many of those a goal was reached.
-- Takes  :site, :start, :end.
-- Gives  sessions, conversions, purchases, revenue.
with session as (
    select conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select count(*) as sessions, coalesce(sum(conversions), 0) as conversions,
       coalesce(sum(purchases), 0) as purchases, coalesce(sum(revenue), 0) as revenue
from session
