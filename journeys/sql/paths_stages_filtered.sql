-- The ways of the chosen sessions from stage to stage of a journey.
-- Takes  :site, :start, :end, :journey.
-- Gives  way (the stages' numbers in order, with spaces between), sessions.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select trail as way, count(*) as sessions
from session
cross join session_moves on journey_id = :journey and session_id = session.id and from_stage = 0
where trail <> ''
group by trail
order by sessions desc, way
