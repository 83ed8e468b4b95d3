-- First sessions, in the period, of visitors who can be known again; of a share of them.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  lasting, id.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id < :end << 22
    group by lasting
)
select lasting, id
from known
where id >= :start << 22
    and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                    on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id)
