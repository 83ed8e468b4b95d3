-- Fields and what the chosen sessions did in them, most touched first.
-- Takes  :site, :start, :end, :form (its name, '' for all).
-- Gives  form, field, sessions, stays, time_ms, hesitations, hesitation_ms, corrections, returns, autofills, pastes,
--        errors, last_fields.
with session as materialized (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
part as (
    select form, field, stays > 0 as sessions, stays, time_ms, hesitations, hesitation_ms, corrections, returns,
           autofills, pastes, errors, 0 as last_fields
    from session_fields
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and (:form = '' or form = (select id from names where text = :form))
        and session_id in (select id from session)
    union all
    select form, last_field, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    from session_forms
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and last_field > 0
        and (:form = '' or form = (select id from names where text = :form))
        and session_id in (select id from session)
),
total as (
    select form, field, sum(sessions) as sessions, sum(stays) as stays, sum(time_ms) as time_ms,
           sum(hesitations) as hesitations, sum(hesitation_ms) as hesitation_ms, sum(corrections) as corrections,
           sum(returns) as returns, sum(autofills) as autofills, sum(pastes) as pastes, sum(errors) as errors,
           sum(last_fields) as last_fields
    from part
    group by form, field
)
select form.text as form, field.text as field, sessions, stays, time_ms, hesitations, hesitation_ms, corrections,
       returns, autofills, pastes, errors, last_fields
from total
join names as form on form.id = total.form
join names as field on field.id = total.field
where sessions > 0 or errors > 0 or last_fields > 0
order by sessions desc, last_fields desc, form.text, field.text
