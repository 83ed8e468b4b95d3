-- The ways of sessions from stage to stage of a journey.
-- Takes  :site, :first_day, :last_day, :journey.
-- Gives  way (the stages' numbers in order, with spaces between), sessions.
select trail as way, sum(sessions) as sessions
from stage_trails
where journey_id = (select id from journeys where id = :journey and site_id = :site) and day between :first_day and :last_day
group by trail
order by sessions desc, way
