-- All pages of some sessions.
-- Takes  :site, :sessions (JSON of their ids).
-- Gives  codes (of the pages of one session after another, with five slashes between sessions; null where there are none).
with session as (
    select (
        select group_concat(code, '')
        from session_pages
        join pages on pages.id = page
        where session_pages.site_id = :site and session_id = each.value and session_pages.views > 0) as codes
    from json_each(:sessions) as each
)
select group_concat(codes, '/////') as codes
from session
