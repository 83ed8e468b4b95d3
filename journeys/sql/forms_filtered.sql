-- Forms and how far the chosen sessions came in them, most seen first.
-- Takes  :site, :start, :end.
-- Gives  form, viewers, starters, submitters, abandons.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select form, sum(viewed) as viewers, sum(started) as starters, sum(submitted) as submitters,
           sum(abandoned) as abandons
    from session_forms
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and session_id in (select id from session)
    group by form
)
select names.text as form, viewers, starters, submitters, abandons
from total
join names on names.id = total.form
where viewers > 0
order by viewers desc, starters desc, names.text
