-- The first event of a site.
-- Takes  :site.
-- Gives  at, type, x, page; no row when there is none.
with first as (
    select id from sessions where site_id = :site order by id limit 1
)
select at, type, x, pages.path as page
from first
join events on events.site_id = :site and session_id = first.id
join pages on pages.id = events.page
order by number
limit 1
