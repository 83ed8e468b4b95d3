-- The stages that some sessions entered.
-- Takes  :journey, :sessions (their ids as JSON).
-- Gives  session_id, stage (its number).
select session_id, stage
from session_touchpoints
where journey_id = :journey and session_id in (select value from json_each(:sessions))
group by session_id, stage
order by session_id, stage
