-- What sessions did, by one of their dimensions, most sessions first.
-- Takes  :site, :first_day, :last_day, :dimension (collector/filters.py: DIMENSIONS).
-- Gives  value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue.
with total as (
    select value, sum(sessions) as sessions, sum(views) as views, sum(bounces) as bounces,
           sum(engaged_ms) as engaged_ms, sum(conversions) as conversions,
           sum(purchases) as purchases, sum(revenue) as revenue
    from session_days
    where site_id = :site and dimension = :dimension and day between :first_day and :last_day
    group by value
),
named as (
    select total.*, case when :dimension in (13, 14)
        then (select path from pages where id = total.value)
        else (select text from names where id = total.value) end as name
    from total
)
select name as value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue
from named
where sessions > 0
order by sessions desc, value
