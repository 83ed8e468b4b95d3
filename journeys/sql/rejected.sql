-- Events refused, the newest first.
-- Takes  :site, :start, :end, :limit.
-- Gives  at, field, reason, event.
select at, field, reason, event
from rejected
where site_id = :site and at >= :start and at < :end
order by at desc, id desc
limit :limit
