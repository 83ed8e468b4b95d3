-- How far visitors whom an experiment would meet came in a form, and how many errors its fields had.
-- Takes  what would_meet.sql takes, and :name (of the form).
-- Gives  visitors, starters, units (who sent it), errors, errors_squared (of starters).
with session as (
    /*experiments/would_meet*/
),
fault as (
    select session_id, sum(errors) as errors
    from session_fields
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and form = (select id from names where text = :name)
    group by session_id
),
unit as (
    select session.visitor_id, max(form.started) as started, max(form.submitted) as submitted,
        coalesce(sum(fault.errors), 0) as errors
    from session
    join session_forms as form on form.site_id = :site and form.session_id = session.id
    left join fault on fault.session_id = session.id
    where form.form = (select id from names where text = :name)
    group by session.visitor_id
)
select (select count(distinct visitor_id) from session) as visitors, total(started > 0) as starters,
    total(submitted > 0) as units, total(errors) as errors, total(errors * errors) as errors_squared
from unit
