-- Page views of a site.
-- Takes  :site, :first_day, :last_day.
-- Gives  views.
select coalesce(sum(views), 0) as views
from hours
where site_id = :site and day between :first_day and :last_day
