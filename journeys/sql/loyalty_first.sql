-- First sessions, in the period, of visitors who can be known again; of a share of them: those of first_sessions.sql, read from the index.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  sessions, conversions, purchases, revenue, squares (of each session's revenue).
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as id, conversions, purchases, revenue  -- SQLite: those of the session with that id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id < :end << 22
    group by lasting
)
select count(*) as sessions, coalesce(sum(conversions), 0) as conversions, coalesce(sum(purchases), 0) as purchases,
       coalesce(sum(revenue), 0) as revenue, coalesce(sum(1.0 * revenue * revenue) filter (where revenue <> 0), 0.0) as squares
from known
where id >= :start << 22
    and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                    on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id)
