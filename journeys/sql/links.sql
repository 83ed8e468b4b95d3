-- Links that leave the site or fetch a file, most clicked first.
-- Takes  :site, :first_day, :last_day, :kind (10 outbound, 11 download).
-- Gives  value, clicks, pages.
with total as (
    select name, sum(events) as clicks, count(distinct page) as pages
    from event_days
    where site_id = :site and kind = :kind and day between :first_day and :last_day and events > 0
    group by name
)
select names.text as value, clicks, pages
from total
join names on names.id = total.name
order by clicks desc, names.text
