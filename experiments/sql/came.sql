-- How often an event, pages or a form came from a site in some days, from whomever.
-- Takes  :site, :first_day, :last_day, :source ('event', 'page' or 'form'), :name (of pages a glob).
-- Gives  times (events, page views, or sessions that sent the form).
with came as (
    select events as times
    from event_days
    where :source = 'event' and site_id = :site and kind = 9 and day between :first_day and :last_day
        and name = (select id from names where text = :name)
    union all
    select views as times
    from page_days
    where :source = 'page' and site_id = :site and day between :first_day and :last_day
        and page in (select id from pages where site_id = :site and path glob :name)
    union all
    select submitters as times
    from form_days
    where :source = 'form' and site_id = :site and day between :first_day and :last_day
        and form = (select id from names where text = :name)
)
select coalesce(sum(times), 0) as times
from came
