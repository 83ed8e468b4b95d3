-- Forms and how far the chosen sessions came in them, most started first.
-- Takes  :site, :start, :end.
-- Gives  form, viewers, starters, submitters, abandons, completions, revenue (of those who completed it).
with attempt as materialized (
    select session_id, form, viewed, started, submitted, abandoned, completed
    from session_forms
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
),
session as materialized (
    select id
    from sessions
    where site_id = :site and id in (select session_id from attempt)  -- few sessions meet a form
    /*filters*/
),
total as (
    select form, sum(viewed) as viewers, sum(started) as starters, sum(submitted) as submitters,
           sum(abandoned) as abandons, sum(completed) as completions,
           sum(iif(completed, (select revenue from sessions where site_id = :site and id = session_id), 0)) as revenue
    from attempt
    where session_id in (select id from session)
    group by form
)
select names.text as form, viewers, starters, submitters, abandons, completions, revenue
from total
join names on names.id = total.form
where viewers > 0
order by starters desc, viewers desc, names.text
