-- Fields of forms of sessions for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, form, field, stays, time_ms, hesitations, hesitation_ms, corrections, returns, autofills, pastes, errors, place.
select session_id, form, field, stays, time_ms, hesitations, hesitation_ms, corrections, returns, autofills, pastes, errors, place
from session_fields
where site_id = :site and session_id >= :first and session_id < :end
order by session_id, form, field
