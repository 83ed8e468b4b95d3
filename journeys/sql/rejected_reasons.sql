-- Reasons events were refused for, most often first.
-- Takes  :site, :start, :end.
-- Gives  field, reason, events, last_at, event (the newest).
select field, reason, count(*) as events, max(at) as last_at, event
from rejected
where site_id = :site and at >= :start and at < :end
group by field, reason
order by events desc, field, reason
