-- The next sessions of a day, and what the visitor's other sessions say about each.
-- Takes  :site, :after (session id), :end (session id after the day), :limit.
-- Gives  id, channel, source, campaign, referrer (ids), purchases, previous and next (session ids of the visitor, or null),
--        known and bought (1 when the visitor had been here, had bought, before), contacts (kinds of contact outside the page
--        since the session before, with commas between, or null).
with session as (
    select id, visitor_id, previous_day, channel, source, campaign, referrer, purchases
    from sessions
    where site_id = :site and id > :after and id < :end
    order by id
    limit :limit
),
placed as materialized (
    select session.*,
           (select max(id) from sessions as other indexed by sessions_visitor
            where site_id = :site and other.visitor_id = session.visitor_id and other.id < session.id) as previous,
           (select min(id) from sessions as other indexed by sessions_visitor
            where site_id = :site and other.visitor_id = session.visitor_id and other.id > session.id) as next
    from session
)
select id, channel, source, campaign, referrer, purchases, previous, next,
       previous is not null or previous_day is not null as known,
       previous is not null and exists (
           select 1 from sessions as other indexed by sessions_bought
           where site_id = :site and other.visitor_id = placed.visitor_id and other.id < placed.id and other.purchases > 0) as bought,
       (select group_concat(distinct kind)
        from (select kind, at from contacts where site_id = :site and person = placed.visitor_id
              union all
              select kind, contacts.at from session_codes cross join contacts on contacts.code_hash = session_codes.code_hash
              where session_codes.site_id = :site and session_id = placed.previous and contacts.site_id = :site)
        where at >= coalesce(placed.previous, 0) >> 22 and at < placed.id >> 22 and kind <> 'order') as contacts
from placed
order by id
