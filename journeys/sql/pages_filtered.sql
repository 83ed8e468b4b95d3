-- Each page as the chosen sessions saw it, most viewed first.
-- Takes  :site, :start, :end.
-- Gives  page, views, sessions, entries, exits, bounces, engaged_ms, scroll, scrolled, clicks.
with session as materialized (
    select id, entry_page, exit_page, bounce
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
seen as (
    select page, sum(session_pages.views) as views, sum(session_pages.views > 0) as sessions,
           sum(engaged_ms) as engaged_ms, sum(scroll) as scroll, sum(scrolled) as scrolled, sum(clicks) as clicks
    from session
    cross join session_pages on session_pages.site_id = :site and session_pages.session_id = session.id
    group by page
),
entry as (
    select entry_page as page, count(*) as entries, sum(bounce) as bounces from session group by entry_page
),
leaving as (
    select exit_page as page, count(*) as exits from session group by exit_page
)
select pages.path as page, views, sessions, coalesce(entries, 0) as entries, coalesce(exits, 0) as exits,
       coalesce(bounces, 0) as bounces, engaged_ms, scroll, scrolled, clicks
from seen
join pages on pages.id = seen.page
left join entry on entry.page = seen.page
left join leaving on leaving.page = seen.page
where views > 0 or entries > 0 or exits > 0 or engaged_ms > 0 or clicks > 0
order by views desc, sessions desc, pages.path
