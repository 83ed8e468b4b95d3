-- The touchpoints that some sessions met in a journey.
-- Takes  :journey, :sessions (JSON list of ids).
-- Gives  the columns of session_touchpoints.
select journey_id, session_id, touchpoint, stage, times, engaged_ms, rage, dead, error_clicks, errors, slow, form_errors,
       moved, entered, stage_moved, converted, revenue
from session_touchpoints
where journey_id = :journey and session_id in (select value from json_each(:sessions))
order by session_id, touchpoint
