-- What happened in forms that sessions tried to send, step by step; and where a goal was reached between.
-- Takes  :site, :start, :end, :every, :width (as pain_sessions.sql).
-- Gives  session, page, form ('' for a goal), field ('' for a form's own events), what (0 goal, 3 sent, 4 abandoned, 6 in a field),
--        autocomplete ('' when not said), in the order of happening.
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
),
session as (
    select id
    from span cross join sessions
    where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
        and fields > 0
    /*filters*/
),
step as (
    select session_id, number, page, iif(type in (5, 6), name, 0) as form, iif(type in (5, 6), element, 0) as field,
           case type when 5 then x when 6 then 6 else 0 end as what,
           iif(type = 6, json_extract(detail, '$.autocomplete'), '') as autocomplete
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type = 6 or (type = 5 and x in (3, 4)) or (type in (1, 9) and y > 0)
)
select session_id as session, pages.path as page, form.text as form, field.text as field, what, coalesce(autocomplete, '') as autocomplete
from step
join pages on pages.id = step.page
join names as form on form.id = step.form
join names as field on field.id = step.field
order by session_id, number
