-- Variants of experiments that sessions were shown, in their order, for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, name (the experiment), label (the variant).
select session_id, name, label
from events
where site_id = :site and session_id >= :first and session_id < :end and type = 12
order by session_id, number
