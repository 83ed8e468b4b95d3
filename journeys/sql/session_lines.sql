-- What the list of sessions says of those in `chosen`, by their rank, of equal ones the newest first.
-- Takes  :site, and `chosen` with id and rank where it stands.
-- Gives  id, started_at, last_at, engaged_ms, views, clicks, trouble, fields, purchases, revenue, goals (ids between
--        commas), source, channel, country, device, entry_page, exit_page.
select session.id, started_at, last_at, engaged_ms, views, clicks, rage + dead + error_clicks + errors as trouble, fields, purchases,
       revenue, goals, source.text as source, channel.text as channel, country.text as country, device.text as device,
       entry.path as entry_page, last.path as exit_page
from chosen
cross join sessions as session on session.site_id = :site and session.id = chosen.id
join names as source on source.id = session.source
join names as channel on channel.id = session.channel
join names as country on country.id = session.country
join names as device on device.id = session.device
join pages as entry on entry.id = session.entry_page
join pages as last on last.id = session.exit_page
order by rank desc, session.id desc
