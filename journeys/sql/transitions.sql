-- How sessions moved between the stages of a journey.
-- Takes  :site, :first_day, :last_day, :journey.
-- Gives  from_stage, to_stage (numbers, 0 for none), kind (collector/matcher.py: MOVES), sessions.
select from_stage, to_stage, kind, sum(sessions) as sessions
from move_days
where journey_id = (select id from journeys where id = :journey and site_id = :site) and day between :first_day and :last_day
group by from_stage, to_stage, kind
order by from_stage, to_stage, kind
