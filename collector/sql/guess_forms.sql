-- Forms of a site, most seen first.
-- Takes  :site.
-- Gives  form.
select names.text as form
from form_days
join names on names.id = form
where site_id = :site
group by form
order by sum(views) desc, names.text
limit 200
