-- How often the walks of each day were written, by journey.
-- Takes  :site, :first_day, :last_day.
-- Gives  day, journey_id, stamp, written.
select day, walk_days.journey_id, stamp, written
from walk_days
where walk_days.journey_id in (select id from journeys where site_id = :site) and day between :first_day and :last_day
order by day, walk_days.journey_id
