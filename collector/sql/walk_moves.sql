-- How some sessions moved in a journey.
-- Takes  :journey, :sessions (JSON list of ids).
-- Gives  the columns of session_moves.
select journey_id, session_id, from_stage, to_stage, kind, bought, trail
from session_moves
where journey_id = :journey and session_id in (select value from json_each(:sessions))
order by session_id, from_stage, to_stage, kind
