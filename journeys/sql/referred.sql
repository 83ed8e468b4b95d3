-- Chosen sessions that came over a link somebody placed elsewhere: the channel Referral, or utm_medium=referral.
-- Takes  :site, :start, :end.
-- Gives  sessions, visitors.
with session as (
    select coalesce(lasting, visitor_id) as visitor
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and channel = (select id from names where text = 'Referral')
    /*filters*/
)
select count(*) as sessions, count(distinct visitor) as visitors
from session
