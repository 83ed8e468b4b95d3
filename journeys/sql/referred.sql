-- Chosen sessions that came over a link somebody placed elsewhere: the channel Referral, or utm_medium=referral.
-- Takes  :site, :start, :end.
-- Gives  sessions, visitors (the id of each session's, with commas between; null without any).
select count(*) as sessions, group_concat(coalesce(lasting, visitor_id)) as visitors
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
    and channel = (select id from names where text = 'Referral')
/*filters*/
