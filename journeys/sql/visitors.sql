-- Visitors of the whole period, each once: those whose day before this one lies before the period.
-- Takes  :site, :first_day, :last_day.
-- Gives  visitors.
select coalesce(sum(visitors), 0) as visitors
from visitor_days
where site_id = :site and day between :first_day and :last_day and previous_day < :first_day
