-- Every form that was ever seen at a site, most started first.
-- Takes  :site.
-- Gives  form.
with total as (
    select form, sum(starters) as starters
    from form_days
    where site_id = :site and views > 0
    group by form
)
select names.text as form
from total
join names on names.id = total.form
where names.text <> ''
order by starters desc, names.text
