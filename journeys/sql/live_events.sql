-- The last events of a site, the newest first.
-- Takes  :site, :since (no session that began before is read), :limit.
-- Gives  at, type, x, page, name, element, label, session_id, country, device, source.
with session as (
    select id, country, device, source
    from sessions
    where site_id = :site and id >= :since << 22
    /*filters*/
    order by last_at desc, id desc
    limit :limit
)
select at, type, x, pages.path as page, name.text as name, element.text as element, label.text as label, session_id,
       country.text as country, device.text as device, source.text as source
from session
cross join events on events.site_id = :site and session_id = session.id
join pages on pages.id = events.page
join names as name on name.id = events.name
join names as element on element.id = events.element
join names as label on label.id = events.label
join names as country on country.id = session.country
join names as device on device.id = session.device
join names as source on source.id = session.source
order by at desc, session_id desc, number desc
limit :limit
