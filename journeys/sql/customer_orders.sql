-- Every order of customers who can be known again, and whose first session the filters choose.
-- Those who came before it was kept who can be known again are left out: their first order is not known.
-- Takes  :site, :start (of the days kept), :end.
-- Gives  customer, at, day, value, session_id.
with bought as (
    select lasting, id, day
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null and purchases > 0 and id < :end << 22
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
join events as event on event.site_id = :site and event.session_id = bought.id
    and event.type = 9 and event.name = 1 and event.value is not null
where bought.lasting in (select customer from chosen)
order by customer, event.at, session_id, event.number
