-- Contacts outside the page that a visitor made: by the customer's id, or by a code that was in one of the visitor's sessions.
-- Takes  :site, :visitors (JSON list of the ids).
-- Gives  id, at, kind, person, value, note.
select id, at, kind, person, value, note
from contacts
where site_id = :site and person in (select value from json_each(:visitors))
union
select contacts.id, contacts.at, kind, person, contacts.value, note
from sessions indexed by sessions_visitor
cross join session_codes on session_codes.site_id = sessions.site_id and session_codes.session_id = sessions.id
cross join contacts on contacts.site_id = sessions.site_id and contacts.code_hash = session_codes.code_hash
where sessions.site_id = :site and sessions.visitor_id in (select value from json_each(:visitors))
order by id
