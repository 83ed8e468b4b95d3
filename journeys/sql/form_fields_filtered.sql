-- Fields of a form and what the chosen sessions did in them, most touched first.
-- Takes  :site, :start, :end, :form (its name).
-- Gives  form, field, sessions (that touched it), stays, time_ms, hesitations, hesitation_ms, corrections, returns,
--        autofills, pastes, errors, last_fields (abandons there), places (sum of its places in the order of touching),
--        completions (of those who went on from it), and of those who abandoned the form (gone) and those who
--        completed it (done): how many touched the field, came back to it, corrected it, were refused in it.
with here as materialized (
    select session_id
    from session_forms
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and form = (select id from names where text = :form)
    union
    select session_id
    from session_fields
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and form = (select id from names where text = :form)
),
session as materialized (
    select id
    from sessions
    where site_id = :site and id in (select session_id from here)  -- few sessions meet a form
    /*filters*/
),
part as (
    select stay.form, field, stays > 0 or last_field is field as reached, stays, time_ms, hesitations, hesitation_ms,
           corrections, returns, autofills, pastes, errors, place, abandoned, completed, last_field is field as left_here
    from session  -- first, and what it did in the form: once for all its fields
    left join session_forms as attempt on attempt.site_id = :site and attempt.session_id = session.id
        and attempt.form = (select id from names where text = :form)
    cross join session_fields as stay on stay.site_id = :site and stay.session_id = session.id
        and stay.form = (select id from names where text = :form)
    union all
    select form, last_field, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, completed, 1
    from session
    cross join session_forms as attempt on attempt.site_id = :site and attempt.session_id = session.id
        and attempt.form = (select id from names where text = :form)
    where last_field > 0 and not exists (
        select 1
        from session_fields as stay
        where stay.site_id = :site and stay.session_id = session.id and stay.form = attempt.form and stay.field = last_field)
),
total as (
    select form, field, sum(reached) as sessions, sum(stays) as stays, sum(time_ms) as time_ms,
           sum(hesitations) as hesitations, sum(hesitation_ms) as hesitation_ms, sum(corrections) as corrections,
           sum(returns) as returns, sum(autofills) as autofills, sum(pastes) as pastes, sum(errors) as errors,
           sum(left_here) as last_fields, sum(place) as places,
           coalesce(sum(completed and reached and not left_here), 0) as completions,
           coalesce(sum(abandoned and reached), 0) as gone,
           coalesce(sum(abandoned and reached and returns > 0), 0) as gone_returned,
           coalesce(sum(abandoned and reached and corrections > 0), 0) as gone_corrected,
           coalesce(sum(abandoned and reached and errors > 0), 0) as gone_refused,
           coalesce(sum(completed and reached and not abandoned), 0) as done,
           coalesce(sum(completed and reached and not abandoned and returns > 0), 0) as done_returned,
           coalesce(sum(completed and reached and not abandoned and corrections > 0), 0) as done_corrected,
           coalesce(sum(completed and reached and not abandoned and errors > 0), 0) as done_refused
    from part
    group by form, field
)
select form.text as form, field.text as field, sessions, stays, time_ms, hesitations, hesitation_ms, corrections,
       returns, autofills, pastes, errors, last_fields, places, completions, gone, gone_returned, gone_corrected,
       gone_refused, done, done_returned, done_corrected, done_refused
from total
join names as form on form.id = total.form
join names as field on field.id = total.field
where sessions > 0 or errors > 0
order by sessions desc, form.text, field.text
