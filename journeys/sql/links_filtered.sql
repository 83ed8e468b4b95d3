-- Links that leave the site or fetch a file, on each page the chosen sessions clicked them on.
-- Takes  :site, :start, :end, :kind (10 outbound, 11 download).
-- Gives  value, page (its number), clicks.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and clicks > 0
    /*filters*/
),
click as (
    select name, page
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type = 3 and value = :kind
),
total as (
    select name, page, count(*) as clicks
    from click
    group by name, page
)
select names.text as value, page, clicks
from total
join names on names.id = total.name
order by names.text, page
