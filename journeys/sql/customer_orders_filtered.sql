-- The same of customers whose first session the filters choose.
-- Takes  :site, :end, :least, :most.
-- Gives  customer, at, day, value, session_id.
with bought as materialized (
    select lasting, id, day
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and purchases > 0 and id < :end << 22
    order by id
),
buyer as (
    select distinct lasting as customer
    from bought
),
chosen as (
    /*journeys/customers_chosen*/
)
select bought.lasting as customer, event.at, bought.day, event.value, bought.id as session_id
from bought
cross join events as event indexed by events_custom on event.site_id = :site and event.session_id = bought.id
    and event.type = 9 and event.name = 1 and event.value is not null
where bought.lasting in (select customer from chosen)
order by customer, event.at, session_id, event.number
