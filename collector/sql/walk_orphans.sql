-- Sessions of a day that a journey has rows of though they are gone: erased while their day was walked through.
-- Takes  :site, :journey, :after (session id), :end (session id after the day).
-- Gives  session_id.
select distinct session_id
from session_moves
where journey_id = :journey and session_id > :after and session_id < :end
    and not exists (select 1 from sessions where site_id = :site and id = session_id)
