-- Clicks and signs of frustration of sessions, for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, sign (of frustration: 1 rage, 2 dead, 3 error, 4 quick back; 0 a click, 10 one that leaves the site, 11 one that fetches a file),
--        element, label, page, link (where such a one leads, else 0).
select session_id, iif(type = 4, x, coalesce(value, 0)) as sign, element, label, page, iif(type = 3 and value > 0, name, 0) as link
from events
where site_id = :site and session_id >= :first and session_id < :end and type in (3, 4)
order by session_id, number
