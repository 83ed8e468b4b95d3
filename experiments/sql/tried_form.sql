-- How far visitors whom an experiment would meet came in a form, and how many errors its fields had.
-- Takes  what traffic.sql takes, and :name (of the form).
-- Gives  visitors, starters, units (who sent it), errors, errors_squared (of starters).
with page as (
    select id
    from pages
    where site_id = :site and exists (select 1 from json_each(:paths) where pages.path glob value)
),
session as (
    select id, visitor_id, day, started_at
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and (:everywhere or id in (
            select session_id from session_pages
            where site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
                and page in (select id from page)))
        and (:event = '' or id in (
            select session_id from events indexed by events_custom
            where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22
                and name = (select id from names where text = :event)))
    /*filters*/
),
fault as (
    select session_id, sum(errors) as errors
    from session_fields
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and form = (select id from names where text = :name)
    group by session_id
),
unit as (
    select session.visitor_id, max(form.started) as started, max(form.submitted) as submitted,
        coalesce(sum(fault.errors), 0) as errors
    from session
    join session_forms as form on form.site_id = :site and form.session_id = session.id
    left join fault on fault.session_id = session.id
    where form.form = (select id from names where text = :name)
    group by session.visitor_id
)
select (select count(distinct visitor_id) from session) as visitors, total(started > 0) as starters,
    total(submitted > 0) as units, total(errors) as errors, total(errors * errors) as errors_squared
from unit
