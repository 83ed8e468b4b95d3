-- Pages of sessions for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, page, views, engaged_ms, scroll, scrolled, clicks.
select session_id, page, views, engaged_ms, scroll, scrolled, clicks
from session_pages
where site_id = :site and session_id >= :first and session_id < :end
order by session_id, page
