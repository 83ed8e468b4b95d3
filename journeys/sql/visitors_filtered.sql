-- Visitors of the chosen sessions, each once.
-- Takes  :site, :start, :end.
-- Gives  visitors.
with session as (
    select visitor_id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select count(distinct visitor_id) as visitors
from session
