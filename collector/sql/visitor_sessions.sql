-- Sessions of some visitors since an instant.
-- Takes  :site, :visitors (JSON list of ids), :since (session id).
-- Gives  the columns of sessions that session.from_row reads.
select site_id, id, visitor_id, day, hour, previous_day, started_at, last_at, entry_page, goals, lasting,
    source, medium, campaign, content, term, channel, referrer,
    country, language, device, browser, os
from sessions indexed by sessions_visitor
where site_id = :site
    and visitor_id in (select value from json_each(:visitors))
    and id >= :since
order by visitor_id, id
