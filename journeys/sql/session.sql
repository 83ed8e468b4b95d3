-- One session, everything known of it.
-- Takes  :site, :session (its id).
-- Gives  id, person (the visitor's lasting id, without one visitor_id), day, previous_day, started_at, last_at, engaged_ms, views, events, clicks, trouble, fields,
--        purchases, revenue, goals (ids between commas), source, medium, campaign, channel, referrer, country, language,
--        device, browser, os, entry_page, exit_page.
select sessions.id, coalesce(lasting, visitor_id) as person, day, previous_day, started_at, last_at, engaged_ms, views, events, clicks,
       rage + dead + error_clicks + errors as trouble, fields, purchases, revenue, goals, source.text as source,
       medium.text as medium, campaign.text as campaign, channel.text as channel, referrer.text as referrer,
       country.text as country, language.text as language, device.text as device, browser.text as browser,
       os.text as os, entry.path as entry_page, last.path as exit_page
from sessions
join names as source on source.id = sessions.source
join names as medium on medium.id = sessions.medium
join names as campaign on campaign.id = sessions.campaign
join names as channel on channel.id = sessions.channel
join names as referrer on referrer.id = sessions.referrer
join names as country on country.id = sessions.country
join names as language on language.id = sessions.language
join names as device on device.id = sessions.device
join names as browser on browser.id = sessions.browser
join names as os on os.id = sessions.os
join pages as entry on entry.id = sessions.entry_page
join pages as last on last.id = sessions.exit_page
where sessions.site_id = :site and sessions.id = :session
