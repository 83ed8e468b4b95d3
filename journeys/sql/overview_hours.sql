-- What the sessions of one day did, by the hour they started in; hours with nobody are left out.
-- Takes  :site, :start, :end.
-- Gives  hour, visitors, sessions, views, engaged_ms, bounces, clicks, fields, conversions, purchases, revenue.
with session as (
    select hour, visitor_id, views, engaged_ms, bounce, clicks, fields, conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select hour, count(distinct visitor_id) as visitors, count(*) as sessions, sum(views) as views,
       sum(engaged_ms) as engaged_ms, sum(bounce) as bounces, sum(clicks) as clicks, sum(fields) as fields,
       sum(conversions) as conversions, sum(purchases) as purchases, sum(revenue) as revenue
from session
group by hour
order by hour
