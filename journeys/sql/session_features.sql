-- What some of the sessions are told apart by: those of visitors whose number falls under a bound, which is as good as drawn by lot.
-- Takes  :site, :start, :end, :below (of the 22 bits of a session's id that come from the visitor), :limit.
-- Gives  channel, device, visitor ('new' or 'returning'), views, engaged_ms.
with session as (
    select id, channel, device, iif(previous_day is null, 'new', 'returning') as visitor, views, engaged_ms
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and id & 4194303 < :below
    /*filters*/
    order by id & 4194303, id
    limit :limit
)
select channel.text as channel, device.text as device, visitor, views, engaged_ms
from session
join names as channel on channel.id = session.channel
join names as device on device.id = session.device
order by session.id & 4194303, session.id
