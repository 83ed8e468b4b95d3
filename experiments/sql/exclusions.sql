-- What arrived in a span of days and was not counted, by reason, most events first.
-- Takes  :site, :first_day, :last_day.
-- Gives  reason, events, batches.
select reason, sum(events) as events, sum(batches) as batches
from exclusions
where site_id = :site and day between :first_day and :last_day
group by reason
order by events desc, reason
