-- Which touchpoints of a journey sessions met, whether they ended there, and whether they reached a goal then or later: in columns as ways.py
-- reads them, in any order.
-- Takes  :site, :start, :end, :every, :width (as sample.sql), :journey.
-- Gives  session, touchpoint (its number), ended, converted (1 or 0), each with commas between them. All null where there are none.
with session as (
    /*journeys/sample*/
)
select group_concat(session_id) as session, group_concat(touchpoint) as touchpoint, group_concat(moved & (16 | 32) > 0) as ended,
       group_concat(session_touchpoints.converted) as converted
from session
cross join session_touchpoints on journey_id = :journey and session_id = session.id
