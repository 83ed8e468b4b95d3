-- Pages by the sessions that saw them.
-- Takes  :site, :first_day, :last_day.
-- Gives  page, sessions.
with total as (
    select page, sum(sessions) as sessions
    from page_days
    where site_id = :site and day between :first_day and :last_day
    group by page
)
select path as page, sessions
from total
join pages on pages.id = total.page
where sessions > 0
order by sessions desc, path
