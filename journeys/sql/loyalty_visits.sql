-- Sessions of visitors who can be known again: their first, and later ones.
-- Takes  :site, :start, :end.
-- Gives  later (0 or 1), sessions, conversions, purchases, revenue, squares (of each session's revenue).
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as first_id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null
    group by lasting
),
session as (
    select sessions.id > known.first_id or exists (
               select 1 from since join sessions as before indexed by sessions_visitor
               on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id) as later,
           conversions, purchases, revenue
    from known
    join sessions indexed by sessions_lasting on site_id = :site and sessions.lasting = known.lasting
        and id >= :start << 22 and id < :end << 22
)
select later, count(*) as sessions, sum(conversions) as conversions, sum(purchases) as purchases,
       sum(revenue) as revenue, sum(1.0 * revenue * revenue) as squares
from session
group by later
order by later
