-- Sessions for their columns (day_columns.py), earliest first.
-- Takes  :site, :first and :end (ids), :limit (-1: none).
-- Gives  id, visitor, known (whether he can be known again on another day), person (the id he is known by then, else visitor), previous_day
--        (-1 for none), hour, lasted (milliseconds until its last event), events (by which they are cut; not kept), and what else day_columns.py names.
select id, visitor_id as visitor, coalesce(lasting, visitor_id) as person, lasting is not null as known, coalesce(previous_day, -1) as previous_day, hour, last_at - (id >> 22) as lasted,
       views, events, clicks, fields, engaged_ms, bounce, rage, dead, error_clicks, errors, conversions, purchases, revenue,
       entry_page, exit_page, source, medium, campaign, content, term, channel, referrer, country, language, device, browser, os, goals, trail
from sessions
where site_id = :site and id >= :first and id < :end
order by id
limit :limit
