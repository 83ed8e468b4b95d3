-- What is known of some page views: which of their events are in, and in which session they are.
-- Takes  :site, :views (JSON list of the senders' ids).
-- Gives  view, at, session_id, number, mask.
select view, at, session_id, number, mask
from seen
where site_id = :site and view in (select value from json_each(:views))
order by view
