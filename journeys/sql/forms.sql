-- Forms and how far sessions came in them, most started first.
-- Takes  :site, :first_day, :last_day.
-- Gives  form, value (null: all together), viewers, starters, submitters, abandons, completions, revenue (of those who completed it).
with total as (
    select form, sum(views) as viewers, sum(starters) as starters, sum(submitters) as submitters,
           sum(abandons) as abandons, sum(completions) as completions, sum(revenue) as revenue
    from form_days
    where site_id = :site and day between :first_day and :last_day
    group by form
)
select names.text as form, null as value, viewers, starters, submitters, abandons, completions, revenue
from total
join names on names.id = total.form
where viewers > 0
order by starters desc, viewers desc, names.text
