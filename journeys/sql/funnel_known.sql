-- Steps that a site's own pages, groups, events, goals and forms offer, the most usual first of each.
-- Takes  :site.
-- Gives  step.
with page as (
    select page, sum(views) as views
    from page_days
    where site_id = :site
    group by page
    order by views desc
    limit 40
),
event as (
    select name, sum(sessions) as sessions
    from event_days
    where site_id = :site and kind = 9
    group by name
    order by sessions desc
    limit 25
),
form as (
    select form, sum(starters) as starters
    from form_days
    where site_id = :site
    group by form
    order by starters desc
    limit 6
),
field as (
    select form, field, sum(sessions) as sessions
    from field_days
    where site_id = :site and form in (select form from form)
    group by form, field
    order by sessions desc
    limit 30
),
offered as (
    select 1 as kind, views as size, path as step from page join pages on pages.id = page.page
    union all
    select 2, -place, 'group:' || name from page_groups where site_id = :site
    union all
    select 3, sessions, 'event:' || text from event join names on names.id = event.name
    union all
    select 4, -id, 'goal:' || name from goals where site_id = :site
    union all
    select 5, starters, 'form:' || text || part.value
    from form
    join names on names.id = form.form
    cross join json_each('[":seen", ":start", ":submit", ":complete"]') as part
    union all
    select 6, sessions, 'form:' || form_name.text || ':field:' || field_name.text
    from field
    join names as form_name on form_name.id = field.form
    join names as field_name on field_name.id = field.field
)
select step
from offered
order by kind, size desc, step
