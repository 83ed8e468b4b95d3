-- What may have been trouble: rage, dead and error clicks, script errors, how long pages took to show their largest part; and what
-- happened in forms, with the goals reached between: in columns as ways.py reads them, in any order. Ends a question, after a step event.
-- Takes  nothing.
-- Gives  session, number, page (its id), type (collector/events.py), name (id: of a click what people see, of an error its message, else the
--        form), element (id: of a click what was clicked, else the field), x (of a field: 1 when what was in it was refused, and 2 more when
--        its autocomplete word is one of a payment; of vitals: lcp in milliseconds; -1 for none), each with commas between them.
--        All null where there are none.
select group_concat(session_id) as session, group_concat(number) as number, group_concat(page) as page, group_concat(type) as type,
       group_concat(iif(type = 4, label, name)) as name, group_concat(element) as element,
       group_concat(coalesce(case type when 8 then json_extract(detail, '$.lcp')
                                       when 6 then (value is null) + 2 * coalesce(instr(detail, '"cc-')  -- seldom, and found sooner
                                            and json_extract(detail, '$.autocomplete') glob 'cc-*', 0)
                                       else x end, -1)) as x
from event
where type > 3 and (type = 8 or type = 6 or (type = 5 and x > 1) or type = 7 or (type = 4 and x < 4) or (type = 9 and y > 0))
    or (type = 1 and y > 0)
