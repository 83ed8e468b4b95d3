-- How often visitors whom an experiment would meet did a custom event, and what it was worth.
-- Takes  what traffic.sql takes, and :name (of the event).
-- Gives  visitors, units (who did it), times, times_squared, amount, amount_squared, orders, orders_squared, both.
with page as (
    select id
    from pages
    where site_id = :site and exists (select 1 from json_each(:paths) where pages.path glob value)
),
session as (
    select id, visitor_id, day, started_at
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and (:everywhere or id in (
            select session_id from session_pages
            where site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
                and page in (select id from page)))
        and (:event = '' or id in (
            select session_id from events indexed by events_custom
            where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22
                and name = (select id from names where text = :event)))
    /*filters*/
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
