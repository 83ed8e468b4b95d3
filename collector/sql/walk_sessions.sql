-- The next sessions of a day, and what the visitor's other sessions say about each.
-- Takes  :site, :after (session id), :end (session id after the day), :limit.
-- Gives  id, channel, source, campaign, referrer (ids), purchases, previous and next (session ids of the visitor, or null),
--        known and bought (1 when the visitor had been here, had bought, before).
with session as (
    select id, visitor_id, previous_day, channel, source, campaign, referrer, purchases
    from sessions
    where site_id = :site and id > :after and id < :end
    order by id
    limit :limit
),
placed as (
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
           select 1 from sessions as other indexed by sessions_visitor
           where site_id = :site and other.visitor_id = placed.visitor_id and other.id < placed.id and purchases > 0) as bought
from placed
order by id
