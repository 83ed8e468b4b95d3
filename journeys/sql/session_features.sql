-- What some sessions are told apart by, in the order of their visitors' numbers: 22 bits of a session's id.
-- Takes  :site, :sessions (JSON of their ids).
-- Gives  channel, device, visitor ('new' or 'returning'), views, engaged_ms.
select channel.text as channel, device.text as device, iif(previous_day is null, 'new', 'returning') as visitor, views, engaged_ms
from json_each(:sessions) as each
cross join sessions on site_id = :site and sessions.id = each.value
join names as channel on channel.id = channel
join names as device on device.id = device
order by sessions.id & 4194303, sessions.id
