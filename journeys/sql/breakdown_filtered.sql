-- What the chosen sessions did, by one of their dimensions, most sessions first.
-- Takes  :site, :start, :end, :dimension (collector/filters.py: DIMENSIONS).
-- Gives  value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue.
with session as (
    select case :dimension
               when 1 then source when 6 then channel when 7 then referrer when 8 then country when 10 then device
               when 13 then entry_page when 14 then exit_page when 2 then medium when 3 then campaign
               when 4 then content when 5 then term when 9 then language when 11 then browser when 12 then os
           end as value, views, bounce, engaged_ms, conversions, purchases, revenue
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
    select total.*, case when :dimension in (13, 14)
        then (select path from pages where id = total.value)
        else (select text from names where id = total.value) end as name
    from total
)
select name as value, sessions, views, bounces, engaged_ms, conversions, purchases, revenue
from named
order by sessions desc, value
