-- What the chosen sessions clicked, by its label, else by its place in the page; most clicks first.
-- Takes  :site, :start, :end, :page (path of one page, '' for all).
-- Gives  value, element ('' when several have the label), clicks, rage, dead, error_clicks.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and clicks + rage + dead + error_clicks > 0
    /*filters*/
),
event as (
    select iif(label = 0, element, label) as what, element, type, x
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type in (3, 4) and (type = 3 or x < 4)
        and (:page = '' or page = (select id from pages where site_id = :site and path = :page))
),
total as (
    select what, min(element) filter (where type = 3) as first_element,
           max(element) filter (where type = 3) as last_element, sum(type = 3) as clicks,
           sum(type = 4 and x = 1) as rage, sum(type = 4 and x = 2) as dead, sum(type = 4 and x = 3) as error_clicks
    from event
    group by what
)
select names.text as value, iif(first_element = last_element,
       coalesce((select text from names where id = first_element), ''), '') as element,
       clicks, rage, dead, error_clicks
from total
join names on names.id = total.what
order by clicks desc, rage + dead + error_clicks desc, names.text
