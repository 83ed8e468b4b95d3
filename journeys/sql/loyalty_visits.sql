-- Sessions of visitors who can be known again, of a share of them: their first, and later ones.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  later (0 or 1), sessions, conversions, purchases, revenue, squares (of each session's revenue).
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
visitor as (
    select lasting, min(id) as first_id, conversions, purchases, revenue  -- SQLite: those of the session with that id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id < :end << 22
    group by lasting
),
fresh as materialized (
    select count(*) as sessions, coalesce(sum(conversions), 0) as conversions, coalesce(sum(purchases), 0) as purchases,
           coalesce(sum(revenue), 0) as revenue, coalesce(sum(1.0 * revenue * revenue), 0.0) as squares
    from visitor
    where first_id >= :start << 22
        and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                        on before.site_id = :site and before.visitor_id = visitor.lasting and before.id < since.id)
),
everything as materialized (
    select count(*) as sessions, sum(conversions) as conversions, sum(purchases) as purchases, sum(revenue) as revenue,
           sum(1.0 * revenue * revenue) as squares
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id >= :start << 22 and id < :end << 22
)
select 0 as later, sessions, conversions, purchases, revenue, squares
from fresh
where sessions > 0
union all
select 1, whole.sessions - fresh.sessions, whole.conversions - fresh.conversions, whole.purchases - fresh.purchases,
       whole.revenue - fresh.revenue, whole.squares - fresh.squares
from everything as whole, fresh
where whole.sessions > fresh.sessions
order by later
