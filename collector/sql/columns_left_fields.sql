-- The field touched last of the form that sessions left, of several that with most fields, for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, field.
with form as (
    select session_id, last_field as field, row_number() over (partition by session_id order by (
               select count(*)
               from session_fields as field
               where field.site_id = :site and field.session_id = form.session_id and field.form = form.form) desc, form) as place
    from session_forms as form
    where site_id = :site and session_id >= :first and session_id < :end and abandoned and last_field > 0
)
select session_id, field
from form
where place = 1
order by session_id
