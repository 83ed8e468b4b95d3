-- Custom events by name, those of most sessions first.
-- Takes  :site, :first_day, :last_day.
-- Gives  value, events, sessions, amount.
with total as (
    select name, sum(events) as events, sum(sessions) as sessions, sum(value) as amount
    from event_days
    where site_id = :site and kind = 9 and day between :first_day and :last_day
    group by name
)
select names.text as value, events, sessions, amount
from total
join names on names.id = total.name
where events > 0
order by sessions desc, events desc, names.text
