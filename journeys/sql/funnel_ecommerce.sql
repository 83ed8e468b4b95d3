-- Which of these events a site ever sent.
-- Takes  :site, :names (JSON).
-- Gives  name.
select text as name
from names
where text in (select value from json_each(:names)) and exists (
    select 1
    from event_days
    where site_id = :site and kind = 9 and event_days.name = names.id and events > 0)
order by name
