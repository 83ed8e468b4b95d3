-- Visitors who can be known again and whose first session is in the period, the days of their sessions, and their orders; of a share of them.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  visitors, sessions (of each of them, how many), days (of each of these sessions), orders (of each with any, the visitor, the day,
--        purchases and revenue), with spaces between numbers; nulls of none.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as first_id, count(*) as sessions, group_concat(day, ' ') as days,
           group_concat(lasting || ' ' || day || ' ' || purchases || ' ' || revenue, ' ') filter (where purchases > 0) as orders
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id < :end << 22
    group by lasting
)
select group_concat(lasting, ' ') as visitors, group_concat(sessions, ' ') as sessions, group_concat(days, ' ') as days,
       group_concat(orders, ' ') as orders
from known
where first_id >= :start << 22
    and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                    on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id)
