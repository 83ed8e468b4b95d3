-- Pages by the chosen sessions that saw them.
-- Takes  :site, :start, :end.
-- Gives  code, sessions.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select page, count(*) as sessions
    from session
    cross join session_pages on session_pages.site_id = :site and session_id = session.id
    where session_pages.views > 0
    group by page
)
select code, sessions
from total
join pages on pages.id = total.page
order by sessions desc, code
