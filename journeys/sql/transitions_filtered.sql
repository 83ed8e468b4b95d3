-- How the chosen sessions moved between the stages of a journey.
-- Takes  :site, :start, :end, :journey.
-- Gives  from_stage, to_stage (numbers, 0 for none), kind (collector/matcher.py: MOVES), sessions.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select from_stage, to_stage, kind, count(*) as sessions
from session
cross join session_moves on journey_id = :journey and session_id = session.id
group by from_stage, to_stage, kind
order by from_stage, to_stage, kind
