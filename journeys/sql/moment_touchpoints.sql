-- Which touchpoints of a journey sessions met, whether they ended there, and whether they reached a goal then or later.
-- Takes  :site, :start, :end, :every, :width (as pain_sessions.sql), :journey.
-- Gives  session, touchpoint (its number), ended, converted (1 or 0).
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
),
near as materialized ( -- first, or the list of a filter's sessions is gone through once for every span
    select id as begun
    from span cross join sessions
    where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
),
session as (
    select id
    from near cross join sessions
    where site_id = :site and id = begun
    /*filters*/
)
select session_id as session, touchpoint, moved & (16 | 32) > 0 as ended, converted
from session
cross join session_touchpoints on journey_id = :journey and session_id = session.id
order by session_id, touchpoint
