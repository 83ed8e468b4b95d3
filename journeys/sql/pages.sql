-- Each page: how often it was seen, for how long, and how often a session began or ended there; most viewed first.
-- Takes  :site, :first_day, :last_day.
-- Gives  page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks.
with total as (
    select page, sum(views) as views, sum(sessions) as sessions, sum(entries) as entries, sum(exits) as exits,
           sum(bounces) as bounces, sum(engaged_ms) as engaged_ms, sum(scroll) as scroll,
           sum(scrolled) as scrolled, sum(clicks) as clicks
    from page_days
    where site_id = :site and day between :first_day and :last_day
    group by page
)
select pages.path as page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks
from total
join pages on pages.id = total.page
where views > 0 or entries > 0 or exits > 0 or engaged_ms > 0 or clicks > 0
order by views desc, sessions desc, pages.path
