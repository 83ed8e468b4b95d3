-- What was clicked: its label, else its place in the page, and each place that was clicked under that label.
-- Takes  :site, :first_day, :last_day, :page (path of one page, '' for all).
-- Gives  value, element ('' in the row of the signs of frustration, whose totals have no place beside a label), clicks, rage, dead, error_clicks.
with event as (
    select iif(label = 0, name, label) as what, iif(kind = 3, name, 0) as element, name, kind, events
    from event_days
    where site_id = :site and kind in (3, 4) and day between :first_day and :last_day
        and (:page = '' or page = (select id from pages where site_id = :site and path = :page))
),
total as (
    select what, element, sum(iif(kind = 3, events, 0)) as clicks,
           sum(iif(kind = 4 and name = (select id from names where text = 'rage'), events, 0)) as rage,
           sum(iif(kind = 4 and name = (select id from names where text = 'dead'), events, 0)) as dead,
           sum(iif(kind = 4 and name = (select id from names where text = 'error'), events, 0)) as error_clicks
    from event
    group by what, element
)
select names.text as value, place.text as element, clicks, rage, dead, error_clicks
from total
join names on names.id = total.what
join names as place on place.id = total.element
where clicks > 0 or rage > 0 or dead > 0 or error_clicks > 0
order by names.text, place.text
