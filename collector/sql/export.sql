-- Events of a site in the order they happened in their sessions, everything as text that can be read.
-- Takes  :site, :after (a session id), :until (a session id), :visitors (JSON list of ids; null: everyone), :sessions.
-- Gives  one row an event; at and started_at in UTC milliseconds, what a type does not have is empty.
with session as (
    select *
    from sessions
    where site_id = :site and id > :after and id < :until and (visitor_id in (select value from json_each(:visitors)) or :visitors is null)
    order by id
    limit :sessions
)
select session.id as session_id, session.visitor_id, events.number, events.at, events.type, events.view,
    pages.path as page, name.text as name, element.text as element, label.text as label,
    events.x, events.y, events.value, events.detail, session.started_at,
    source.text as source, medium.text as medium, campaign.text as campaign, channel.text as channel,
    referrer.text as referrer, country.text as country, language.text as language, device.text as device,
    browser.text as browser, os.text as os
from session
    join events on events.site_id = session.site_id and events.session_id = session.id
    left join pages on pages.id = events.page
    left join names name on name.id = events.name
    left join names element on element.id = events.element
    left join names label on label.id = events.label
    left join names source on source.id = session.source
    left join names medium on medium.id = session.medium
    left join names campaign on campaign.id = session.campaign
    left join names channel on channel.id = session.channel
    left join names referrer on referrer.id = session.referrer
    left join names country on country.id = session.country
    left join names language on language.id = session.language
    left join names device on device.id = session.device
    left join names browser on browser.id = session.browser
    left join names os on os.id = session.os
order by session.id, events.number
