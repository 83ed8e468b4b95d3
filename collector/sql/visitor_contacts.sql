-- Contacts outside the page that a visitor made: by the customer's id, or by a code that was in one of the visitor's sessions.
-- Takes  :site, :visitor.
-- Gives  id.
select id from contacts where site_id = :site and person = :visitor
union
select contacts.id
from sessions
cross join session_codes on session_codes.site_id = sessions.site_id and session_codes.session_id = sessions.id
cross join contacts on contacts.site_id = sessions.site_id and contacts.code_hash = session_codes.code_hash
where sessions.site_id = :site and sessions.visitor_id = :visitor
order by id
