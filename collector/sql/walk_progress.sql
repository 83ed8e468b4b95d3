-- How many days of a journey are right, of how many that have sessions.
-- Takes  :site, :journey, :stamp (of the rules).
-- Gives  done, days.
select coalesce(sum(walk_days.closed = 1 or (walk_days.changes is day_changes.changes and walk_days.stamp is :stamp)), 0) as done,
       count(*) as days
from day_changes
left join walk_days on walk_days.journey_id = :journey and walk_days.day = day_changes.day
where day_changes.site_id = :site
