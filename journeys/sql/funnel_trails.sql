-- How far sessions came on a way of pages, as their trails say. Those of more pages than a trail has are left for funnel.sql.
-- Takes  :site, :first_day, :last_day, :first to :tenth (for each step a glob of trails that came so far, null where there is none).
-- Gives  session_id (0), value (null), furthest (the last step reached, from 1; -1 for the sessions left out), sessions.
with way as (
    select sessions, iif(length(characters) >= 300, -1, /*journeys/furthest*/) as furthest
    from (
        select sessions, trail as characters
        from trails
        where site_id = :site and day between :first_day and :last_day
    )
)
select 0 as session_id, null as value, furthest, sum(sessions) as sessions
from way
where furthest <> 0
group by furthest
order by furthest
