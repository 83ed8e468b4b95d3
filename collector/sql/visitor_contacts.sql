-- Contacts outside the page that a visitor made: by the customer's id, or by a code that was in one of the visitor's sessions.
-- Takes  :site, :visitor.
-- Gives  id.
with code as (
    select session_codes.code_hash
    from sessions
    join session_codes on session_codes.site_id = sessions.site_id and session_codes.session_id = sessions.id
    where sessions.site_id = :site and sessions.visitor_id = :visitor
)
select id
from contacts
where site_id = :site and (person = :visitor or code_hash in (select code_hash from code))
order by id
