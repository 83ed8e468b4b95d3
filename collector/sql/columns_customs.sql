-- Custom events of sessions for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, name, events, amount.
select session_id, name, count(*) as events, coalesce(sum(value), 0) as amount
from events indexed by events_custom
where site_id = :site and type = 9 and session_id >= :first and session_id < :end
group by session_id, name
order by session_id, name
