-- Ids that a visitor who can be known again had before that was known, within a session.
-- Takes  :site, :visitor.
-- Gives  visitor_id.
select distinct visitor_id
from sessions indexed by sessions_lasting
where site_id = :site and lasting = :visitor and visitor_id <> :visitor
order by visitor_id
