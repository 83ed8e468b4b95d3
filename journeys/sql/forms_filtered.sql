-- Forms and how far the chosen sessions came in them, most started first.
-- Takes  :site, :start, :end.
-- Gives  form, viewers, starters, submitters, abandons, completions, revenue (of those who completed it).
with session as materialized (
    select id, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select form, sum(viewed) as viewers, sum(started) as starters, sum(submitted) as submitters,
           sum(abandoned) as abandons, sum(completed) as completions, sum(iif(completed, session.revenue, 0)) as revenue
    from session_forms
    join session on session.id = session_forms.session_id
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
    group by form
)
select names.text as form, viewers, starters, submitters, abandons, completions, revenue
from total
join names on names.id = total.form
where viewers > 0
order by starters desc, viewers desc, names.text
