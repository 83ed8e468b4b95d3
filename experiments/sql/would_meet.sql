-- Sessions that an experiment would meet: on its pages, after its event, of its audience.
-- Takes  :site, :start, :end, :paths (JSON: globs), :everywhere (1: any page), :event ('' for none).
-- Gives  id, visitor_id, day, started_at.
select id, visitor_id, day, started_at
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
    and (:everywhere or id in (
        select session_id from session_pages
        where site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
            and page in (select id from pages where site_id = :site and exists (
                select 1 from json_each(:paths) where pages.path glob value))))
    and (:event = '' or id in (
        select session_id from events indexed by events_custom
        where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22
            and name = (select id from names where text = :event)))
    /*filters*/
