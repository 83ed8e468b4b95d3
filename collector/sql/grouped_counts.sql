-- How many of a site's pages each page group has; '' stands for those in none.
-- Takes  :site.
-- Gives  name, pages.
select name, count(*) as pages
from grouped_pages
where site_id = :site
group by name
order by name
