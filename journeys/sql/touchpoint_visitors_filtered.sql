-- The touchpoints of a journey that each of the chosen sessions met.
-- Takes  :site, :start, :end, :journey.
-- Gives  day, visitor_id, lasting, met (numbers with commas between, null for none).
with session as (
    select id, day, visitor_id, lasting
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select day, visitor_id, lasting,
       (select group_concat(touchpoint) from session_touchpoints where journey_id = :journey and session_id = session.id) as met
from session
order by id
