-- Who is on the site: sessions with an event since an instant.
-- Takes  :site, :since (no session that began before is read), :active.
-- Gives  visitors, sessions.
with session as (
    select visitor_id
    from sessions
    where site_id = :site and id >= :since << 22 and last_at >= :active
    /*filters*/
)
select count(distinct visitor_id) as visitors, count(*) as sessions
from session
