-- How often visitors whom an experiment would meet saw a page.
-- Takes  what traffic.sql takes, and :name (path of the page, a glob).
-- Gives  visitors, units (who saw it), times, times_squared.
with page as (
    select id
    from pages
    where site_id = :site and exists (select 1 from json_each(:paths) where pages.path glob value)
),
session as (
    select id, visitor_id, day, started_at
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and (:everywhere or id in (
            select session_id from session_pages
            where site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
                and page in (select id from page)))
        and (:event = '' or id in (
            select session_id from events indexed by events_custom
            where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22
                and name = (select id from names where text = :event)))
    /*filters*/
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
