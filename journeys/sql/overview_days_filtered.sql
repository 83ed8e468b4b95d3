-- What the chosen sessions did on each day that has any.
-- Takes  :site, :start, :end.
-- Gives  day, visitors, sessions, views, engaged_ms, bounces, clicks, fields, conversions, purchases, revenue.
with session as (
    select day, visitor_id, views, engaged_ms, bounce, clicks, fields, conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select day, count(distinct visitor_id) as visitors, count(*) as sessions, sum(views) as views,
       sum(engaged_ms) as engaged_ms, sum(bounce) as bounces, sum(clicks) as clicks, sum(fields) as fields,
       sum(conversions) as conversions, sum(purchases) as purchases, sum(revenue) as revenue
from session
group by day
order by day
