-- How often visitors whom an experiment would meet saw a page.
-- Takes  what would_meet.sql takes, and :name (path of the page, a glob).
-- Gives  visitors, units (who saw it), times, times_squared.
with session as (
    /*experiments/would_meet*/
),
unit as (
    select session.visitor_id, sum(seen.views) as times
    from session
    join session_pages as seen on seen.site_id = :site and seen.session_id = session.id and seen.views > 0
    where seen.page in (select id from pages where site_id = :site and path glob :name)
    group by session.visitor_id
)
select (select count(distinct visitor_id) from session) as visitors, count(*) as units,
    total(times) as times, total(times * times) as times_squared
from unit
