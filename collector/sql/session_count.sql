-- How many sessions an export has before it.
-- Takes  :site, :after, :until, :visitor (null: everyone).
-- Gives  sessions.
select count(*) as sessions
from sessions
where site_id = :site and id > :after and id < :until and (visitor_id = :visitor or :visitor is null)
