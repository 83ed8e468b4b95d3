-- Sessions that met each touchpoint of a journey.
-- Takes  :journey, :first_day, :last_day.
-- Gives  touchpoint (number), sessions.
select touchpoint, sum(sessions) as sessions
from touchpoint_days
where journey_id = :journey and day between :first_day and :last_day
group by touchpoint
order by touchpoint
