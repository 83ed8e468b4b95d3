-- How far sessions came on a way of pages, as their trails say. Those of more pages than a trail has are left for funnel.sql.
-- Takes  :site, :first_day, :last_day, :first to :tenth (for each step a glob of trails that came so far, null where there is none).
-- Gives  session_id (0), value (null), furthest (the last step reached, from 1; -1 for the sessions left out), sessions.
with way as (
    select sessions, iif(length(trail) >= 300, -1,
           case when trail glob :first is not 1 then 0 when trail glob :second is not 1 then 1 when trail glob :third is not 1 then 2
                when trail glob :fourth is not 1 then 3 when trail glob :fifth is not 1 then 4 when trail glob :sixth is not 1 then 5
                when trail glob :seventh is not 1 then 6 when trail glob :eighth is not 1 then 7 when trail glob :ninth is not 1 then 8
                when trail glob :tenth is not 1 then 9
                else 10
           end) as furthest
    from trails
    where site_id = :site and day between :first_day and :last_day
)
select 0 as session_id, null as value, furthest, sum(sessions) as sessions
from way
where furthest <> 0
group by furthest
order by furthest
