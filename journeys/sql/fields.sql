-- Fields and what sessions did in them, most touched first.
-- Takes  :site, :first_day, :last_day, :form (its name, '' for all).
-- Gives  form, field, sessions, stays, time_ms, hesitations, hesitation_ms, corrections, returns, autofills, pastes,
--        errors, last_fields.
with total as (
    select form, field, sum(sessions) as sessions, sum(stays) as stays, sum(time_ms) as time_ms,
           sum(hesitations) as hesitations, sum(hesitation_ms) as hesitation_ms, sum(corrections) as corrections,
           sum(returns) as returns, sum(autofills) as autofills, sum(pastes) as pastes, sum(errors) as errors,
           sum(last_fields) as last_fields
    from field_days
    where site_id = :site and day between :first_day and :last_day
        and (:form = '' or form = (select id from names where text = :form))
    group by form, field
)
select form.text as form, field.text as field, sessions, stays, time_ms, hesitations, hesitation_ms, corrections,
       returns, autofills, pastes, errors, last_fields
from total
join names as form on form.id = total.form
join names as field on field.id = total.field
where sessions > 0 or errors > 0 or last_fields > 0
order by sessions desc, last_fields desc, form.text, field.text
