-- What visitors who can be known again did in each week or month, by that of their first session.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :start, :end, :first_day, :numbers (JSON list: the number of each day's week or month).
-- Gives  cohort, number, visitors (who were here then), returned, ordered (not for the first time), revenue, squares.
with cut as materialized (
    select :first_day + key as day, value as number from json_each(:numbers)
),
known as (
    select lasting, min(id) as id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null
    group by lasting
),
fresh as (
    select id
    from known
    where id >= :start << 22 and id < :end << 22
        and not exists (select 1 from sessions as before indexed by sessions_visitor
                        where before.site_id = :site and before.visitor_id = known.lasting
                            and before.id < (select lasting_since << 22 from sites where sites.id = :site))
),
chosen as (
    select lasting, day
    from sessions
    where site_id = :site and id in (select id from fresh)
    /*filters*/
),
part as (
    select first_cut.number as cohort, cut.number, chosen.lasting, count(*) as sessions,
           sum(session.purchases) as orders, sum(session.revenue) as revenue
    from chosen
    join cut as first_cut on first_cut.day = chosen.day
    join sessions as session indexed by sessions_lasting
        on session.site_id = :site and session.lasting = chosen.lasting and session.id < :end << 22
    join cut on cut.day = session.day
    group by chosen.lasting, cut.number
),
counted as (
    select cohort, number, sessions, orders, revenue,
           sum(orders) over (partition by lasting order by number) as orders_so_far
    from part
)
select cohort, number, count(*) as visitors, sum(number > cohort or sessions > 1) as returned,
       sum(orders > 0 and orders_so_far > 1) as ordered, sum(revenue) as revenue,
       sum(1.0 * revenue * revenue) as squares
from counted
group by cohort, number
order by cohort, number
