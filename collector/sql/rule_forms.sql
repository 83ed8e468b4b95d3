-- Sessions that saw each form.
-- Takes  :site, :first_day, :last_day.
-- Gives  value (form), count.
with total as (
    select form, sum(views) as count
    from form_days
    where site_id = :site and day between :first_day and :last_day
    group by form
)
select text as value, count
from total
join names on names.id = form
where count > 0
order by count desc, text
