-- Clicks and signs of frustration by page, most clicks first.
-- Takes  :site, :first_day, :last_day.
-- Gives  page, clicks, rage, dead, error_clicks, quick_backs.
with happened as (
    select page, sum(clicks) as clicks, 0 as events, 0 as sign
    from page_days
    where site_id = :site and day between :first_day and :last_day
    group by page
    union all
    select page, 0, events, name
    from event_days
    where site_id = :site and kind = 4 and day between :first_day and :last_day
),
total as (
    select page, sum(clicks) as clicks,
           sum(iif(sign = (select id from names where text = 'rage'), events, 0)) as rage,
           sum(iif(sign = (select id from names where text = 'dead'), events, 0)) as dead,
           sum(iif(sign = (select id from names where text = 'error'), events, 0)) as error_clicks,
           sum(iif(sign = (select id from names where text = 'quick_back'), events, 0)) as quick_backs
    from happened
    group by page
)
select pages.path as page, clicks, rage, dead, error_clicks, quick_backs
from total
join pages on pages.id = total.page
where clicks > 0 or rage > 0 or dead > 0 or error_clicks > 0 or quick_backs > 0
order by clicks desc, pages.path
