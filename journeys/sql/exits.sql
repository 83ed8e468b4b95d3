-- The trails of the chosen sessions that have every page view; of the others the last page, and each page with how often it was seen.
-- Takes  :site, :start, :end.
-- Gives  trails (with five slashes between them), last (codes of pages), seen (codes) and times (with commas between); null where there are none.
with session as (
    select id, exit_page, trail, views > 0 and views * 5 = length(trail) as whole
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select group_concat(trail, '/////') filter (where whole) as trails,
       group_concat((select code from pages where pages.id = exit_page), '') filter (where not whole) as last,
       group_concat((select group_concat((select code from pages where pages.id = page), '') from session_pages
                     where site_id = :site and session_id = session.id and views > 0), '') filter (where not whole) as seen,
       group_concat((select group_concat(views) from session_pages
                     where site_id = :site and session_id = session.id and views > 0)) filter (where not whole) as times
from session
