-- The same of visitors whose first session is chosen.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  as cohorts.sql.
with fresh as materialized (
    /*journeys/first_sessions*/
),
chosen as (
    select lasting
    from sessions
    where site_id = :site and id in (select id from fresh)
    /*filters*/
),
session as (
    select lasting, count(*) as sessions, group_concat(day, ' ') as days,
           group_concat(lasting || ' ' || day || ' ' || purchases || ' ' || revenue, ' ') filter (where purchases > 0) as orders
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting in (select lasting from chosen) and id < :end << 22
    group by lasting
)
select group_concat(lasting, ' ') as visitors, group_concat(sessions, ' ') as sessions, group_concat(days, ' ') as days,
       group_concat(orders, ' ') as orders
from session
