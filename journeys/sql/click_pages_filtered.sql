-- Clicks and signs of frustration of the chosen sessions by page, most clicks first.
-- Takes  :site, :start, :end.
-- Gives  page, clicks, rage, dead, error_clicks, quick_backs.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and clicks + rage + dead + error_clicks + quick_backs > 0
    /*filters*/
),
total as (
    select page, sum(type = 3) as clicks, sum(type = 4 and x = 1) as rage, sum(type = 4 and x = 2) as dead,
           sum(type = 4 and x = 3) as error_clicks, sum(type = 4 and x = 4) as quick_backs
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type in (3, 4)
    group by page
)
select pages.path as page, clicks, rage, dead, error_clicks, quick_backs
from total
join pages on pages.id = total.page
order by clicks desc, pages.path
