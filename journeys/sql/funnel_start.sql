-- Stages of a funnel that are met when a session begins, in the order of the journey: journeys/stage_wants.py.
-- Takes  :journey; the steps `want` as in funnel.sql, and `begun` with session_id, channel, source, campaign, referrer and past
--        (what the visitor had done before) where it stands.
-- Gives  session_id, element (the stage's place in the journey), bits.
select session_id, element, bits from begun join want on type = -2 and key = channel
union
select session_id, element, bits from begun join want on type = -3 and key = source
union
select session_id, element, bits from begun join want on type = -4 and key = campaign
union
select session_id, element, bits from begun join want on type = -5 and key = referrer
union
select session_id, element, bits from begun join want on type = -6 and key = past
union
select session_touchpoints.session_id, element, bits
from want
cross join begun
cross join session_touchpoints
    on journey_id = :journey and session_touchpoints.session_id = begun.session_id and touchpoint = key
where type = -7
