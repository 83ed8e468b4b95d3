-- Each page group as the chosen sessions saw its pages, most viewed first; '' is the pages in no group.
-- Takes  :site, :start, :end.
-- Gives  page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks.
with grouped as materialized (
    select page, name
    from grouped_pages
    where site_id = :site
),
session as (
    select id, entry_page, exit_page, bounce
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
seen as (
    select id, name, sum(session_pages.views) as views, max(session_pages.page = entry_page) as entry,
           max(session_pages.page = exit_page) as exit, max(bounce and session_pages.page = entry_page) as bounce,
           sum(engaged_ms) as engaged_ms, sum(scroll) as scroll, sum(scrolled) as scrolled, sum(clicks) as clicks
    from session
    cross join session_pages on session_pages.site_id = :site and session_pages.session_id = session.id
    join grouped on grouped.page = session_pages.page
    group by id, name
)
select name as page, sum(views) as views, sum(views > 0) as sessions, sum(entry) as entries, sum(exit) as exits,
       sum(bounce) as bounces, sum(engaged_ms) as engaged_ms, sum(scroll) as scroll, sum(scrolled) as scrolled, sum(clicks) as clicks
from seen
group by name
having sum(views) > 0 or sum(entry) > 0 or sum(exit) > 0 or sum(engaged_ms) > 0 or sum(clicks) > 0
order by 2 desc, 3 desc, name
