-- The trails of the chosen sessions, and all pages of those that saw more than a trail keeps.
-- Takes  :site, :start, :end.
-- Gives  trails, seen (codes of the pages), each with five slashes between sessions; null where there are none.
select group_concat(trail, '/////') as trails,
       group_concat(iif(length(trail) >= 300, (
           select group_concat(code, '')
           from session_pages
           join pages on pages.id = page
           where session_pages.site_id = :site and session_id = sessions.id and session_pages.views > 0), null), '/////') as seen
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
