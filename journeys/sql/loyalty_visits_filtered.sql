-- The same of the chosen sessions.
-- Takes  :site, :start, :end.
-- Gives  later (0 or 1), sessions, conversions, purchases, revenue, squares (of each session's revenue).
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
chosen as (
    select id, lasting, conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and lasting is not null
    /*filters*/
),
session as (
    select exists (select 1 from sessions as before indexed by sessions_lasting
                   where before.site_id = :site and before.lasting = chosen.lasting and before.id < chosen.id)
           or exists (select 1 from since join sessions as before indexed by sessions_visitor
                      on before.site_id = :site and before.visitor_id = chosen.lasting and before.id < since.id) as later,
           conversions, purchases, revenue
    from chosen
)
select later, count(*) as sessions, sum(conversions) as conversions, sum(purchases) as purchases,
       sum(revenue) as revenue, sum(1.0 * revenue * revenue) as squares
from session
group by later
order by later
