-- Every order of customers who can be known again, of a share of them.
-- Those who came before it was kept who can be known again are left out: their first order is not known.
-- Takes  :site, :end, :least, :most.
-- Gives  customer, at, day, value, session_id.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
bought as materialized (
    select lasting, id, day
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and purchases > 0 and id < :end << 22
        and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                        on before.site_id = :site and before.visitor_id = sessions.lasting and before.id < since.id)
    order by id  -- their events lie in this order: one after the other they are found sooner
)
select bought.lasting as customer, event.at, bought.day, event.value, bought.id as session_id
from bought
cross join events as event indexed by events_custom on event.site_id = :site and event.session_id = bought.id
    and event.type = 9 and event.name = 1 and event.value is not null
order by customer, event.at, session_id, event.number
