-- How one session moved between stages.
-- Takes  :journey, :session (its id).
-- Gives  from_stage, to_stage (numbers, 0 for none), kind (collector/matcher.py: MOVES).
select from_stage, to_stage, kind
from session_moves
where journey_id = :journey and session_id = :session
order by from_stage, kind, to_stage
