-- Forms and how far the chosen sessions came in them, by one of their dimensions, most started first.
-- Takes  :site, :start, :end, :dimension and :experiment (dimension.sql).
-- Gives  form, value, viewers, starters, submitters, abandons, completions, revenue (of those who completed it).
with session as materialized (
    select id, revenue, /*journeys/dimension*/ as value
    from sessions
    where site_id = :site and id in (  -- few sessions meet a form
        select session_id
        from session_forms
        where site_id = :site and session_id >= :start << 22 and session_id < :end << 22)
    /*filters*/
),
total as (
    select form, value, sum(viewed) as viewers, sum(started) as starters, sum(submitted) as submitters,
           sum(abandoned) as abandons, sum(completed) as completions, sum(iif(completed, revenue, 0)) as revenue
    from session
    cross join session_forms on site_id = :site and session_id = session.id
    group by form, value
)
select names.text as form, /*journeys/dimension_text*/ as value, viewers, starters, submitters, abandons, completions, revenue
from total
join names on names.id = total.form
where viewers > 0
order by starters desc, viewers desc, names.text, 2
