-- Which touchpoints of a journey sessions met, whether they ended there, and whether they reached a goal then or later.
-- Takes  :site, :start, :end, :every, :width (as sample.sql), :journey.
-- Gives  session, touchpoint (its number), ended, converted (1 or 0).
with near as materialized ( -- first, or the list of a filter's sessions is gone through once for every span
    /*journeys/sample*/
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
