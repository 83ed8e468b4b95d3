-- Who met the touchpoints of some days of a journey.
-- Takes  :journey, :days (JSON list).
-- Gives  the columns of touchpoint_visitors.
select journey_id, day, stage, touchpoint, passing, lasting
from touchpoint_visitors
where journey_id = :journey and day in (select value from json_each(:days))
order by day, stage, touchpoint
