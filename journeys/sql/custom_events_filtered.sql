-- Custom events of the chosen sessions by name, those of most sessions first.
-- Takes  :site, :start, :end.
-- Gives  value, events, sessions, amount.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
event as (
    select session_id, name, count(*) as events, sum(value) as amount
    from events indexed by events_custom
    where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22
    group by session_id, name
),
total as (
    select name, sum(events) as events, count(*) as sessions, coalesce(sum(amount), 0) as amount
    from event
    where session_id in (select id from session)
    group by name
)
select names.text as value, events, sessions, amount
from total
join names on names.id = total.name
order by sessions desc, events desc, names.text
