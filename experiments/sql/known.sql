-- What an owner may name in an experiment: pages, custom events and forms of these days, commonest first.
-- Takes  :site, :first_day, :last_day, :limit.
-- Gives  kind ('page', 'event' or 'form'), name, times.
with page as (
    select 'page' as kind, pages.path as name, sum(page_days.views) as times
    from page_days join pages on pages.id = page_days.page
    where page_days.site_id = :site and day between :first_day and :last_day
    group by page_days.page
    order by times desc, name
    limit :limit
),
event as (
    select 'event' as kind, names.text as name, sum(event_days.events) as times
    from event_days join names on names.id = event_days.name
    where event_days.site_id = :site and event_days.kind = 9 and day between :first_day and :last_day
    group by event_days.name
    order by times desc, name
    limit :limit
),
form as (
    select 'form' as kind, names.text as name, sum(form_days.views) as times
    from form_days join names on names.id = form_days.form
    where form_days.site_id = :site and day between :first_day and :last_day
    group by form_days.form
    order by times desc, name
    limit :limit
)
select * from page
union all
select * from event
union all
select * from form
order by kind, times desc, name
