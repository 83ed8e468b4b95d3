-- What may have been trouble in sessions: rage, dead and error clicks, script errors, how long pages took to show their largest part;
-- and of those that were in fields, what happened in forms, with the goals reached between: in columns as ways.py reads them, in any order.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  session, number, page (its id), type (collector/events.py), name, element, label (ids of names), x (of a field: 1 when what was in it
--        was refused, and 2 more when its autocomplete word is one of a payment; of vitals: lcp in milliseconds; -1 for none), each with
--        commas between them. All null where there are none.
with session as (
    /*journeys/sample*/
)
select group_concat(session_id) as session, group_concat(number) as number, group_concat(page) as page, group_concat(type) as type,
       group_concat(name) as name, group_concat(element) as element, group_concat(label) as label,
       group_concat(coalesce(case type when 8 then json_extract(detail, '$.lcp')
                                       when 6 then (value is null) + 2 * coalesce(json_extract(detail, '$.autocomplete') glob 'cc-*', 0)
                                       else x end, -1)) as x
from session
cross join events on events.site_id = :site and session_id = session.id
where type in (7, 8) or (type = 4 and x < 4)
    or (fields > 0 and (type = 6 or (type = 5 and x in (2, 3, 4)) or (type in (1, 9) and y > 0)))
