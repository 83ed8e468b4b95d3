-- The channel of a visitor's latest session since an instant.
-- Takes  :site, :visitor, :since (session id).
-- Gives  channel.
select names.text as channel
from sessions indexed by sessions_visitor
join names on names.id = sessions.channel
where sessions.site_id = :site and visitor_id = :visitor and sessions.id >= :since
order by sessions.id desc
limit 1
