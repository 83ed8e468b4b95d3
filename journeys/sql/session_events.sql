-- The events of one session, in their order.
-- Takes  :site, :session (its id), :limit.
-- Gives  number, at, type, view, page, name, element, label, x, y, value, detail.
select number, at, type, view, pages.path as page, name.text as name, element.text as element, label.text as label,
       x, y, value, detail
from events
join pages on pages.id = events.page
join names as name on name.id = events.name
join names as element on element.id = events.element
join names as label on label.id = events.label
where events.site_id = :site and session_id = :session
order by number
limit :limit
