-- Whether the site ever sent one of some custom events.
-- Takes  :site, :names (as JSON).
-- Gives  found, 0 or 1.
select exists (
    select 1
    from event_days
    where site_id = :site and kind = 9 and name in (select id from names where text in (select value from json_each(:names)))
) as found
