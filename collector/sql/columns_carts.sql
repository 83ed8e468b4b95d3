-- Sessions with an event of a cart or a checkout (carts.py), for their columns (day_columns.py).
-- Takes  :site, :first and :end (ids of sessions).
-- Gives  session_id, cart and checkout (0: no event of it, 1: an order came after the first, 2: none did), told (1: what was in it is known),
--        worth (0 when not): the last total told, else what was put in minus what was taken out.
with event as (
    select session_id, number, value, text as name
    from events
    cross join names on names.id = events.name
    where site_id = :site and session_id >= :first and session_id < :end and type = 9
        and text in ('purchase', 'add_to_cart', 'remove_from_cart', 'view_cart', 'begin_checkout', 'add_shipping_info', 'add_payment_info')
),
session as (
    select session_id,
           min(number) filter (where name in ('add_to_cart', 'view_cart')) as cart_at,
           min(number) filter (where name in ('begin_checkout', 'add_shipping_info', 'add_payment_info')) as checkout_at,
           coalesce(max(number) filter (where name = 'purchase' and value is not null), 0) as bought_at,
           -- the number of an event stands above its value, which has 40 bits
           max(number << 40 | value) filter (where name in ('view_cart', 'begin_checkout', 'add_shipping_info', 'add_payment_info')) & (1 << 40) - 1 as total,
           sum(case name when 'add_to_cart' then value when 'remove_from_cart' then -value end) as pieces
    from event
    group by session_id
    having cart_at is not null or checkout_at is not null
)
select session_id, iif(cart_at is null, 0, iif(bought_at > cart_at, 1, 2)) as cart, iif(checkout_at is null, 0, iif(bought_at > checkout_at, 1, 2)) as checkout,
       coalesce(total, pieces) is not null as told, coalesce(total, max(pieces, 0), 0) as worth
from session
order by session_id
