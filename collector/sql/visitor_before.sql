-- The last session of each of some visitors before an instant.
-- Takes  :site, :visitors (JSON list of ids), :since (session id).
-- Gives  visitor_id, day.
with last as (
    select visitor_id, max(id) as id
    from sessions indexed by sessions_visitor
    where site_id = :site
        and visitor_id in (select value from json_each(:visitors))
        and id < :since
    group by visitor_id
)
select last.visitor_id, sessions.day
from last
join sessions on sessions.site_id = :site and sessions.id = last.id
order by last.visitor_id
