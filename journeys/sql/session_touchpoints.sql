-- The touchpoints that one session met.
-- Takes  :journey, :session (its id).
-- Gives  touchpoint, stage (numbers).
select touchpoint, stage
from session_touchpoints
where journey_id = :journey and session_id = :session
order by stage, touchpoint
