-- How many sessions the filters choose.
-- Takes  :site, :start, :end, :with (session_kind.sql).
-- Gives  sessions.
select count(*) as sessions
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22 and /*journeys/session_kind*/
/*filters*/
