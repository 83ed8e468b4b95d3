-- What the chosen sessions clicked: its label, else its place in the page, and each place clicked under that label.
-- Takes  :site, :start, :end, :page (path of one page, '' for all).
-- Gives  value, element ('' in the row of the signs of frustration, as in clicks.sql), clicks, rage, dead, error_clicks.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and clicks + rage + dead + error_clicks > 0
    /*filters*/
),
event as (
    select iif(label = 0, element, label) as what, iif(type = 3, element, 0) as element, type, x
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type in (3, 4) and (type = 3 or x < 4)
        and (:page = '' or page = (select id from pages where site_id = :site and path = :page))
),
total as (
    select what, element, sum(type = 3) as clicks,
           sum(type = 4 and x = 1) as rage, sum(type = 4 and x = 2) as dead, sum(type = 4 and x = 3) as error_clicks
    from event
    group by what, element
)
select names.text as value, place.text as element, clicks, rage, dead, error_clicks
from total
join names on names.id = total.what
join names as place on place.id = total.element
order by names.text, place.text
