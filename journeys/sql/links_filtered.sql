-- Links that leave the site or fetch a file, as the chosen sessions clicked them, most clicked first.
-- Takes  :site, :start, :end, :kind (10 outbound, 11 download).
-- Gives  value, clicks, pages.
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
    select name, count(*) as clicks, count(distinct page) as pages
    from click
    group by name
)
select names.text as value, clicks, pages
from total
join names on names.id = total.name
order by clicks desc, names.text
