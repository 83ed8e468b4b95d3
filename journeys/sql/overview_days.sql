-- What happened on each day, days with nobody too.
-- Takes  :site, :first_day, :last_day.
-- Gives  day, visitors, sessions, views, engaged_ms, bounces, clicks, fields, conversions, purchases, revenue.
with recursive calendar(day) as (
    select :first_day
    union all
    select day + 1 from calendar where day < :last_day
),
visitor as (
    select day, sum(visitors) as visitors
    from visitor_days
    where site_id = :site and day between :first_day and :last_day
    group by day
),
total as (
    select day, sum(sessions) as sessions, sum(views) as views, sum(engaged_ms) as engaged_ms,
           sum(bounces) as bounces, sum(clicks) as clicks, sum(fields) as fields,
           sum(conversions) as conversions, sum(purchases) as purchases, sum(revenue) as revenue
    from hours
    where site_id = :site and day between :first_day and :last_day
    group by day
)
select calendar.day, coalesce(visitors, 0) as visitors, coalesce(sessions, 0) as sessions,
       coalesce(views, 0) as views, coalesce(engaged_ms, 0) as engaged_ms, coalesce(bounces, 0) as bounces,
       coalesce(clicks, 0) as clicks, coalesce(fields, 0) as fields, coalesce(conversions, 0) as conversions,
       coalesce(purchases, 0) as purchases, coalesce(revenue, 0) as revenue
from calendar
left join visitor on visitor.day = calendar.day
left join total on total.day = calendar.day
order by calendar.day
