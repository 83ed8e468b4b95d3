-- Events that count in the reports.
-- Gives  events.
select coalesce(sum(events), 0) as events
from hours
