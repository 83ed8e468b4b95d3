-- What went wrong last in sessions, for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, kind (7: a script's error, 6: a field refused, 5: a form sent), what (its message, the field, the form).
with wrong as (
    select session_id, max(number), type as kind, iif(type = 6, element, name) as what  -- those of the last one
    from events
    where site_id = :site and session_id >= :first and session_id < :end
        and (type = 7 or type = 6 and value is null
             -- what has no field, such as a button to put something in the cart, is no form
             or type = 5 and x = 3 and exists (select 1 from session_fields as field
                                               where field.site_id = :site and field.session_id = events.session_id and field.form = events.name))
    group by session_id
)
select session_id, kind, what
from wrong
order by session_id
