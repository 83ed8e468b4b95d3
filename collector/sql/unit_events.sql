-- Page views, form, field and custom events of some visitors.
-- Takes  :site, :visitors (JSON list of ids), :since (session id: none that began before is read).
-- Gives  the columns of events in the table's order, visitor_id, path.
with session as (
    select id, visitor_id
    from sessions indexed by sessions_visitor
    where site_id = :site
        and visitor_id in (select value from json_each(:visitors))
        and id >= :since
)
select events.site_id, session_id, number, at, type, view, page, name, element, label, x, y, value, detail,
    visitor_id, path
from session
cross join events on events.site_id = :site and session_id = session.id
join pages on pages.id = page
where type in (1, 5, 6, 9)
order by session_id, number
