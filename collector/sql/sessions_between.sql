-- How many sessions began in some time.
-- Takes  :site, :start, :end.
-- Gives  sessions.
select count(*) as sessions
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
