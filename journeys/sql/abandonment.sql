-- Sessions that met a cart or a checkout, and those of them that ordered nothing after it, by one of their sides.
-- A session that may still go on counts in neither.
-- Takes  :site, :start, :end, :ended (the last event was before), :signs (names of events as JSON), :by_page (1: no event is sent,
--        pages are the sign), :pages (their ids as JSON), :by ('hour', 'error' or 'field';
--        else by :dimension and :experiment as dimension.sql takes them).
-- Gives  kind (of an error: 7 a script's, 6 a refused field, 5 a form sent in vain; else 0), value, sessions, abandons,
--        valued (abandons whose worth is known), worth (of those).
with event as (
    select session_id, number, name, value,
           name in (select id from names where text in (select value from json_each(:signs))) as sign,
           name is (select id from names where text = 'add_to_cart') as added,
           name is (select id from names where text = 'remove_from_cart') as taken
    from events
    where site_id = :site and type = 9 and session_id >= :start << 22 and session_id < :end << 22 and not :by_page
        and name in (select id from names where text in (
            'purchase', 'add_to_cart', 'remove_from_cart', 'view_cart', 'begin_checkout', 'add_shipping_info', 'add_payment_info'))
),
by_event as materialized (
    select session_id, min(number) filter (where sign) as met_at,
           max(number) filter (where name = 1 and value is not null) as bought_at,
           -- the last total told: the number of its event stands above its value, which has 40 bits
           max(number << 40 | value) filter (where name <> 1 and not added and not taken) & (1 << 40) - 1 as total,
           sum(iif(added, value, -value)) filter (where added or taken) as pieces
    from event
    group by session_id
    having met_at is not null
),
met as (
    select session_id, coalesce(bought_at > met_at, 0) as bought, coalesce(total, max(pieces, 0)) as worth
    from by_event
    union all
    select session_id, null, null
    from session_pages
    where :by_page and site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
        and page in (select value from json_each(:pages))
    group by session_id
),
session as (
    select id, /*journeys/dimension*/ as apart, (day + 4) % 7 * 24 + min(hour, 23) as hour, purchases, errors
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and last_at < :ended
    /*filters*/
),
part as (
    select id, apart, hour, errors, not coalesce(bought, purchases > 0) as abandoned, worth
    from met
    cross join session on id = session_id
),
-- of those who left, where anything is to be found: the number of the last event that went wrong
ended as (
    select *, iif(:by = 'error' and abandoned and (errors > 0 or exists (
                      select 1 from session_fields where site_id = :site and session_id = part.id)),
                  (select max(number)
                   from events
                   where site_id = :site and session_id = part.id
                       and (type = 7 or type = 6 and value is null
                            or type = 5 and x = 3 and name in (select form from session_fields
                                                               where site_id = :site and session_id = part.id))), null) as wrong
    from part
),
side as (
    select abandoned, worth, coalesce(wrong_event.type, 0) as kind,
           case :by
               when 'hour' then hour
               when 'error' then iif(wrong_event.type = 6, wrong_event.element, coalesce(wrong_event.name, 0))
               when 'field' then coalesce((
                   select last_field
                   from session_forms as form
                   where form.site_id = :site and form.session_id = ended.id and form.abandoned and form.last_field > 0
                   order by (select count(*) from session_fields as field
                             where field.site_id = :site and field.session_id = ended.id and field.form = form.form) desc, form.form
                   limit 1), 0)
               else apart
           end as value
    from ended
    left join events as wrong_event
        on wrong_event.site_id = :site and wrong_event.session_id = ended.id and wrong_event.number = wrong
),
total as (
    select kind, value, count(*) as sessions, sum(abandoned) as abandons, sum(abandoned and worth is not null) as valued,
           coalesce(sum(iif(abandoned, worth, 0)), 0) as worth
    from side
    group by kind, value
)
select kind, iif(:by = 'hour', value, /*journeys/dimension_text*/) as value, sessions, abandons, valued, worth
from total
order by abandons desc, kind, 2
