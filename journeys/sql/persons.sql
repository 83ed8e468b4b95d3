-- Visitors of the chosen sessions, each once, who consented or signed in by the same id on all days.
-- Takes  :site, :start, :end.
-- Gives  visitors.
select count(distinct coalesce(lasting, visitor_id)) as visitors
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
