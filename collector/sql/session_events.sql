-- Events of one session in order.
-- Takes  :site, :session.
-- Gives  the columns of events in the table's order.
select site_id, session_id, number, at, type, view, page, name, element, label, x, y, value, detail
from events
where site_id = :site and session_id = :session
order by number
