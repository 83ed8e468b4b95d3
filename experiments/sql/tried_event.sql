-- How often visitors whom an experiment would meet did a custom event, and what it was worth.
-- Takes  what would_meet.sql takes, and :name (of the event).
-- Gives  visitors, units (who did it), times, times_squared, amount, amount_squared, orders, orders_squared, both.
with session as (
    /*experiments/would_meet*/
),
unit as (
    select session.visitor_id, count(*) as times, coalesce(sum(event.value), 0) as amount, count(event.value) as orders
    from session
    join events as event indexed by events_custom
        on event.site_id = :site and event.session_id = session.id and event.type = 9
    where event.name = (select id from names where text = :name)
    group by session.visitor_id
)
select (select count(distinct visitor_id) from session) as visitors, count(*) as units,
    total(times) as times, total(times * times) as times_squared,
    total(amount) as amount, total(1.0 * amount * amount) as amount_squared,
    total(orders) as orders, total(orders * orders) as orders_squared, total(1.0 * amount * orders) as both
from unit
