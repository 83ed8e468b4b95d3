-- The pages on which fields of a form were touched or refused, by the newest sessions first.
-- Takes  :site, :start, :end, :form (its name), :limit (rows; a tenth as many sessions are looked at).
-- Gives  session_id, field, page.
with here as materialized (
    select distinct session_id
    from session_fields
    where site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and form = (select id from names where text = :form)
),
session as (
    select id
    from sessions
    where site_id = :site and id in (select session_id from here)
    /*filters*/
    order by id desc
    limit :limit / 10
),
stay as (
    select distinct session_id, element as field, page
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type = 6 and name = (select id from names where text = :form)
)
select session_id, names.text as field, pages.path as page
from stay
join names on names.id = stay.field
join pages on pages.id = stay.page
order by session_id desc, names.text, pages.path
limit :limit
