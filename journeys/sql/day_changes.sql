-- How often the sessions of each day were written or deleted; days with none are left out.
-- Takes  :site, :first_day, :last_day.
-- Gives  day, changes.
select day, changes
from day_changes
where site_id = :site and day between :first_day and :last_day
order by day
