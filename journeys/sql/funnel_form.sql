-- The form that most sessions completed, and among those that nobody completed the one most started.
-- Takes  :site.
-- Gives  form.
with total as (
    select form, sum(completions) as completions, sum(starters) as starters
    from form_days
    where site_id = :site
    group by form
)
select names.text as form
from total
join names on names.id = total.form
where starters > 0 and names.text <> ''
order by completions desc, starters desc, names.text
limit 1
