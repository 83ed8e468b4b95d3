-- What the chosen sessions did, by one of their dimensions, most sessions first.
-- Takes  :site, :start, :end, :dimension and :experiment (dimension.sql).
-- Gives  value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue.
with session as (
    select /*journeys/dimension*/ as value, views, bounce, engaged_ms, conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select value, count(*) as sessions, sum(views) as views, sum(bounce) as bounces,
           sum(engaged_ms) as engaged_ms, sum(conversions) as conversions,
           sum(purchases) as purchases, sum(revenue) as revenue
    from session
    group by value
),
named as (
    select total.*, /*journeys/dimension_text*/ as name
    from total
)
select name as value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue
from named
order by sessions desc, value
