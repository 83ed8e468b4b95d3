-- How many sessions an export has before it.
-- Takes  :site, :after, :until, :visitors (JSON list of ids; null: everyone).
-- Gives  sessions.
select count(*) as sessions
from sessions
where site_id = :site and id > :after and id < :until and (visitor_id in (select value from json_each(:visitors)) or :visitors is null)
