-- How many events were counted.
-- Takes  :site, :first_day, :last_day.
-- Gives  events.
select coalesce(sum(events), 0) as events
from hours
where site_id = :site and day between :first_day and :last_day
