-- Fields of a form and what sessions did in them, most touched first.
-- Takes  :site, :first_day, :last_day, :form (its name).
-- Gives  form, field, sessions (that touched it), stays, time_ms, hesitations, hesitation_ms, corrections, returns,
--        autofills, pastes, errors, last_fields (abandons there), places (sum of its places in the order of touching),
--        completions (of those who went on from it), and of those who abandoned the form (gone) and those who
--        completed it (done): how many touched the field, came back to it, corrected it, were refused in it.
with total as (
    select form, field, sum(sessions) as sessions, sum(stays) as stays, sum(time_ms) as time_ms,
           sum(hesitations) as hesitations, sum(hesitation_ms) as hesitation_ms, sum(corrections) as corrections,
           sum(returns) as returns, sum(autofills) as autofills, sum(pastes) as pastes, sum(errors) as errors,
           sum(last_fields) as last_fields, sum(places) as places, sum(completions) as completions, sum(gone) as gone,
           sum(gone_returned) as gone_returned, sum(gone_corrected) as gone_corrected,
           sum(gone_refused) as gone_refused, sum(done) as done, sum(done_returned) as done_returned,
           sum(done_corrected) as done_corrected, sum(done_refused) as done_refused
    from field_days
    where site_id = :site and day between :first_day and :last_day and form = (select id from names where text = :form)
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
