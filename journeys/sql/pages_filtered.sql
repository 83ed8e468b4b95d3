-- Each page as the chosen sessions saw it, most viewed first.
-- Takes  :site, :start, :end.
-- Gives  page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks.
with session as (
    select id, entry_page, exit_page, bounce
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select page, sum(session_pages.views) as views, sum(session_pages.views > 0) as sessions,
           sum(page = entry_page) as entries, sum(page = exit_page) as exits,
           sum(bounce and page = entry_page) as bounces, sum(engaged_ms) as engaged_ms, sum(scroll) as scroll,
           sum(scrolled) as scrolled, sum(clicks) as clicks
    from session
    cross join session_pages on session_pages.site_id = :site and session_pages.session_id = session.id
    group by page
)
select pages.path as page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks
from total
join pages on pages.id = total.page
where views > 0 or entries > 0 or exits > 0 or engaged_ms > 0 or clicks > 0
order by views desc, sessions desc, pages.path
