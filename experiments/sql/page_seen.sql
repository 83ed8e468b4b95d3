-- Page views of one page since a day.
-- Takes  :site, :path, :first_day.
-- Gives  views.
select coalesce(sum(views), 0) as views
from page_days
where site_id = :site and day >= :first_day and page = (select id from pages where site_id = :site and path = :path)
