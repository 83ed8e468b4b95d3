-- Custom events by name.
-- Takes  :site, :first_day, :last_day.
-- Gives  value (name), count.
with total as (
    select name, sum(events) as count
    from event_days
    where site_id = :site and kind = 9 and day between :first_day and :last_day
    group by name
)
select text as value, count
from total
join names on names.id = name
where count > 0
order by count desc, text
