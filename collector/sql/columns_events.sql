-- Custom events of sessions, in their order, for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, name, reached (1: it reached a goal), amount (its value, 0 for none).
select session_id, name, coalesce(y > 0, 0) as reached, coalesce(value, 0) as amount
from events
where site_id = :site and session_id >= :first and session_id < :end and type = 9
order by session_id, number
