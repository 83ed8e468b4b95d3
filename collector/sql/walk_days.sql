-- How some days of a journey stand.
-- Takes  :journey, :days (JSON list).
-- Gives  day, changes, stamp, closed, written.
select day, changes, stamp, closed, written
from walk_days
where journey_id = :journey and day in (select value from json_each(:days))
order by day
