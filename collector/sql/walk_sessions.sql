-- The next sessions of a day, latest first, and what the same visitor's other sessions say about each.
-- The same visitor is whoever has the same lasting id or, without one, the same visitor_id: coalesce(lasting, visitor_id).
-- Takes  :site, :after, :end (session ids), :limit.
-- Gives  id, visitor_id, lasting, channel, source, campaign, referrer (ids), purchases, previous and next (session ids of the visitor, or null),
--        known and bought (1 when the visitor had been here, had bought on the page or outside it, before), contacts (kinds of contact
--        outside the page since the session before, with commas between, or null), buyer_from (the first later session before which
--        lies an order outside the page, or null). A code tells of the visitor from the session after the one that showed it on.
with session as (
    select id, visitor_id, lasting, coalesce(lasting, visitor_id) as person, previous_day, channel, source, campaign, referrer, purchases
    from sessions
    where site_id = :site and id > :after and id < :end
    order by id desc
    limit :limit
),
placed as materialized (
    select session.*,
           (select max(id) from (
                select max(id) as id from sessions as other indexed by sessions_lasting
                where site_id = :site and other.lasting = session.person and other.id < session.id
                union all
                select max(id) from sessions as other indexed by sessions_visitor
                where site_id = :site and other.visitor_id = session.person and other.id < session.id
                    and coalesce(other.lasting, session.person) = session.person)) as previous,
           (select min(id) from (
                select min(id) as id from sessions as other indexed by sessions_lasting
                where site_id = :site and other.lasting = session.person and other.id > session.id
                union all
                select min(id) from sessions as other indexed by sessions_visitor
                where site_id = :site and other.visitor_id = session.person and other.id > session.id
                    and coalesce(other.lasting, session.person) = session.person)) as next
    from session
),
coded as materialized (
    select 1 where exists (select 1 from contacts where site_id = :site and code_hash is not null)
),
visitor as materialized (
    select distinct person from placed
),
outside as materialized (  -- contacts of each visitor; those told by a code, with the session that showed it
    select visitor.person, 0 as shown, contacts.at, kind, code_hash
    from visitor
    cross join contacts on site_id = :site and contacts.person = visitor.person
    union
    select visitor.person, other.id, contacts.at, kind, contacts.code_hash
    from coded
    cross join visitor
    cross join sessions as other indexed by sessions_lasting on other.site_id = :site and other.lasting = visitor.person
    cross join session_codes on session_codes.site_id = :site and session_codes.session_id = other.id
    cross join contacts on contacts.site_id = :site and contacts.code_hash = session_codes.code_hash
    union
    select visitor.person, other.id, contacts.at, kind, contacts.code_hash
    from coded
    cross join visitor
    cross join sessions as other indexed by sessions_visitor
        on other.site_id = :site and other.visitor_id = visitor.person and coalesce(other.lasting, visitor.person) = visitor.person
    cross join session_codes on session_codes.site_id = :site and session_codes.session_id = other.id
    cross join contacts on contacts.site_id = :site and contacts.code_hash = session_codes.code_hash
),
told as (  -- the first order outside the page that the visitor's next session may know of
    select *, (select min(at) from outside where outside.person = placed.person and shown <= placed.id and /*collector/ordered_outside*/) as ordered_at
    from placed
)
select id, visitor_id, lasting, channel, source, campaign, referrer, purchases, previous, next,
       previous is not null or previous_day is not null as known,
       previous is not null and exists (
           select 1 from sessions as other indexed by sessions_bought
           where site_id = :site and coalesce(other.lasting, other.visitor_id) = told.person and other.id < told.id
               and other.purchases > 0)
           or exists (
           select 1 from outside
           where outside.person = told.person and shown < told.id and at < told.id >> 22 and /*collector/ordered_outside*/) as bought,
       (select group_concat(distinct kind) from outside
        where outside.person = told.person and shown < told.id and kind <> 'order'
            and at >= coalesce(told.previous, 0) >> 22 and at < told.id >> 22) as contacts,
       (select min(id) from (
            select min(id) as id from sessions as other indexed by sessions_lasting
            where site_id = :site and other.lasting = told.person and other.id >= max(told.next, (told.ordered_at + 1) << 22)
            union all
            select min(id) from sessions as other indexed by sessions_visitor
            where site_id = :site and other.visitor_id = told.person and other.id >= max(told.next, (told.ordered_at + 1) << 22)
                and coalesce(other.lasting, told.person) = told.person)) as buyer_from
from told
order by id desc
