-- Views of each page.
-- Takes  :site, :first_day, :last_day.
-- Gives  value (path), count.
with total as (
    select page, sum(views) as count
    from page_days
    where site_id = :site and day between :first_day and :last_day
    group by page
)
select path as value, count
from total
join pages on pages.id = page
where count > 0
order by count desc, path
