-- Forms and how far sessions came in them, most seen first.
-- Takes  :site, :first_day, :last_day.
-- Gives  form, viewers, starters, submitters, abandons.
with total as (
    select form, sum(views) as viewers, sum(starters) as starters, sum(submitters) as submitters,
           sum(abandons) as abandons
    from form_days
    where site_id = :site and day between :first_day and :last_day
    group by form
)
select names.text as form, viewers, starters, submitters, abandons
from total
join names on names.id = total.form
where viewers > 0
order by viewers desc, starters desc, names.text
