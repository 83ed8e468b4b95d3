-- Orders made outside the page by customers who can be known again and whose first session the filters choose: those of the shop's own system
-- that the tracking did not see, and those by telephone, by the customer's id or by a code that one of his sessions showed.
-- A real order without a number is left out: nobody can tell whether it was tracked. An order told by a contact and by the shop's own system,
-- by its number or, without one, by customer and day, is one. Contacts of one code on several days are as many orders: it may be the customer's.
-- Takes  :site, :start (of the days kept), :end.
-- Gives  customer, at, day, value (null when unknown).
with made as materialized (
    select id, at, day, kind, code_hash, value, coalesce(
        (select lasting from sessions indexed by sessions_lasting where site_id = :site and lasting = contacts.person limit 1),
        (select sessions.lasting from session_codes
         join sessions on sessions.site_id = :site and sessions.id = session_codes.session_id and sessions.lasting is not null
         where session_codes.site_id = :site and session_codes.code_hash = contacts.code_hash
         order by session_codes.session_id limit 1)) as customer
    from contacts indexed by contacts_day
    where site_id = :site and at < :end and /*collector/ordered_outside*/
),
ranked as materialized (
    select *, row_number() over (partition by code_hash, kind, iif(kind = 'phone_order', day, null) order by id) as telling
    from made
    where customer is not null
),
made_once as (
    select customer, at, day, value, id
    from ranked
    where case
        when code_hash is null then not exists (
            select 1 from ranked as shop where shop.kind = 'order' and shop.customer = ranked.customer and shop.day = ranked.day)
        else telling = 1 and (kind = 'order' or not exists (
            select 1 from ranked as shop where shop.kind = 'order' and shop.code_hash = ranked.code_hash)) end
),
buyer as (
    select distinct customer
    from made_once
),
chosen as (
    /*journeys/customers_chosen*/
)
select customer, at, day, value
from made_once
where customer in (select customer from chosen)
order by customer, at, id
