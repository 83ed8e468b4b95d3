-- How far the chosen sessions came on a way of pages, as their trails say, by one of their dimensions. Those of more pages than
-- a trail has are left for funnel.sql.
-- Takes  :site, :start, :end, :first to :tenth (for each step a glob of trails that came so far, null where there is none),
--        :dimension and :experiment (dimension.sql).
-- Gives  session_id (0), value, furthest (the last step reached, from 1; -1 for the sessions left out), sessions.
with way as (
    select value, iif(length(characters) >= 300, -1, /*journeys/furthest*/) as furthest
    from (
        select /*journeys/dimension*/ as value, trail as characters
        from sessions
        where site_id = :site and id >= :start << 22 and id < :end << 22
        /*filters*/
    )
),
total as (
    select value, furthest, count(*) as sessions
    from way
    where furthest <> 0
    group by value, furthest
)
select 0 as session_id, /*journeys/dimension_text*/ as value, furthest, sessions
from total
order by value, furthest
