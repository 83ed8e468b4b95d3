-- Days whose walks were not made from their sessions as they are and by the rules as they are, latest first.
-- Takes  :site, :journey, :stamp (of the rules).
-- Gives  day, changes (of the day by now).
select day_changes.day, day_changes.changes
from day_changes
left join walk_days on walk_days.journey_id = :journey and walk_days.day = day_changes.day
where day_changes.site_id = :site
    and coalesce(walk_days.closed, 0) = 0
    and (walk_days.changes is not day_changes.changes or walk_days.stamp is not :stamp)
order by day_changes.day desc
