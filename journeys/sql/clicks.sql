-- What was clicked, by its label, else by its place in the page; most clicks first.
-- Takes  :site, :first_day, :last_day, :page (path of one page, '' for all).
-- Gives  value, element ('' when several have the label), clicks, rage, dead, error_clicks.
with event as (
    select iif(label = 0, name, label) as what, name, kind, events
    from event_days
    where site_id = :site and kind in (3, 4) and day between :first_day and :last_day
        and (:page = '' or page = (select id from pages where site_id = :site and path = :page))
),
total as (
    select what, min(name) filter (where kind = 3) as first_element, max(name) filter (where kind = 3) as last_element,
           coalesce(sum(events) filter (where kind = 3), 0) as clicks,
           sum(iif(kind = 4 and name = (select id from names where text = 'rage'), events, 0)) as rage,
           sum(iif(kind = 4 and name = (select id from names where text = 'dead'), events, 0)) as dead,
           sum(iif(kind = 4 and name = (select id from names where text = 'error'), events, 0)) as error_clicks
    from event
    group by what
)
select names.text as value, iif(first_element = last_element,
       coalesce((select text from names where id = first_element), ''), '') as element,
       clicks, rage, dead, error_clicks
from total
join names on names.id = total.what
where clicks > 0 or rage > 0 or dead > 0 or error_clicks > 0
order by clicks desc, rage + dead + error_clicks desc, names.text
