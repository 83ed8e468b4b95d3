-- Links that leave the site or fetch a file, on each page they were clicked on.
-- Takes  :site, :first_day, :last_day, :kind (10 outbound, 11 download).
-- Gives  value, page (its number), clicks.
with total as (
    select name, page, sum(events) as clicks
    from event_days
    where site_id = :site and kind = :kind and day between :first_day and :last_day and events > 0
    group by name, page
)
select names.text as value, page, clicks
from total
join names on names.id = total.name
order by names.text, page
