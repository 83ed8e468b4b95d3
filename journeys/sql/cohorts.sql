-- Visitors who can be known again and whose first session is in the period: the days of their sessions, and their orders.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :first_day, :start, :end.
-- Gives  lasting, sessions, days (of each session, counted from :first_day: '0 0 7'),
--        orders (of each session with any, its day, purchases and revenue: '0 1 9900 7 1 5000'; null of none).
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as first_id, count(*) as sessions, group_concat(day - :first_day, ' ') as days,
           group_concat(iif(purchases > 0, (day - :first_day) || ' ' || purchases || ' ' || revenue, null), ' ') as orders
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null and id < :end << 22
    group by lasting
)
select lasting, sessions, days, orders
from known
where first_id >= :start << 22
    and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                    on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id)
order by lasting
