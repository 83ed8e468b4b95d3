-- What may have been trouble in sessions: rage, dead and error clicks, script errors, how long pages took to show their largest part;
-- and of those that were in fields, what happened in forms, with the goals reached between.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  session, page (its id), type (collector/events.py), x (of a field: 1 when what was in it was refused), number, name, element, label (ids of names),
--        more (of vitals: lcp in milliseconds; of a field: its autocomplete), in the order of happening.
with near as materialized ( -- first, or the list of a filter's sessions is gone through once for every span
    /*journeys/sample*/
),
session as (
    select id, fields
    from near cross join sessions
    where site_id = :site and id = begun
    /*filters*/
)
select session_id as session, page, type, iif(type = 6, value is null, x) as x, number, name, element, label,
       case type when 8 then json_extract(detail, '$.lcp') when 6 then json_extract(detail, '$.autocomplete') end as more
from session
cross join events on events.site_id = :site and session_id = session.id
where type in (7, 8) or (type = 4 and x < 4)
    or (fields > 0 and (type = 6 or (type = 5 and x in (2, 3, 4)) or (type in (1, 9) and y > 0)))
order by session_id, number
