-- Every order of customers who can be known again, and whose first session the filters choose.
-- Those who came before it was kept who can be known again are left out: their first order is not known.
-- Takes  :site, :start (of the days kept), :end.
-- Gives  customer, at, day, value, session_id.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
bought as (
    select lasting, id, day
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null and purchases > 0 and id < :end << 22
),
customer as (
    select buyer.lasting, (select min(id) from sessions indexed by sessions_lasting
                           where site_id = :site and sessions.lasting = buyer.lasting) as first_id
    from (select distinct lasting from bought) as buyer
    where not exists (select 1 from since join sessions as before indexed by sessions_visitor
                      on before.site_id = :site and before.visitor_id = buyer.lasting and before.id < since.id)
),
chosen as (
    select lasting
    from sessions
    where site_id = :site and id in (select first_id from customer)
    /*filters*/
)
select bought.lasting as customer, event.at, bought.day, event.value, bought.id as session_id
from bought
join events as event on event.site_id = :site and event.session_id = bought.id
    and event.type = 9 and event.name = 1 and event.value is not null
where bought.lasting in (select lasting from chosen)
order by customer, event.at, session_id, event.number
