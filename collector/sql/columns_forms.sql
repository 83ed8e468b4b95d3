-- Forms of sessions for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, form, viewed, started, submitted, abandoned, last_field (of an abandon, else 0), completed.
select session_id, form, viewed, started, submitted, abandoned, last_field, completed
from session_forms
where site_id = :site and session_id >= :first and session_id < :end
order by session_id, form
