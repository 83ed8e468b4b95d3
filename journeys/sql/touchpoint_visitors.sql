-- Who met each touchpoint of a journey on each day; touchpoint 0 is any of the stage.
-- Takes  :site, :first_day, :last_day, :journey.
-- Gives  stage, touchpoint (numbers), passing (visitors who cannot be known again), lasting (ids of those who can).
select stage, touchpoint, passing, lasting
from touchpoint_visitors
where journey_id = (select id from journeys where id = :journey and site_id = :site) and day between :first_day and :last_day
order by day, stage, touchpoint
