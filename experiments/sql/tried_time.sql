-- How long it took visitors whom an experiment would meet, from the beginning of their first session to the first such event.
-- Takes  what would_meet.sql takes, :type (of the event), :number (what a form did, or null), :name (event, form, or a glob of paths)
--        and :window (milliseconds after which it counts no more).
-- Gives  visitors, units, time_ms, time_squared.
with session as (
    /*experiments/would_meet*/
),
first as (
    select visitor_id, min(started_at) as at
    from session
    group by visitor_id
),
unit as (
    select session.visitor_id, min(event.at) - first.at as time_ms
    from session
    join first on first.visitor_id = session.visitor_id
    join events as event on event.site_id = :site and event.session_id = session.id and event.type = :type
    where (:type <> 1 and event.name = (select id from names where text = :name) and (:number is null or event.x = :number))
        or (:type = 1 and event.page in (select id from pages where site_id = :site and path glob :name))
    group by session.visitor_id
    having min(event.at) - first.at < :window
)
select (select count(*) from first) as visitors, count(*) as units,
    total(time_ms) as time_ms, total(1.0 * time_ms * time_ms) as time_squared
from unit
