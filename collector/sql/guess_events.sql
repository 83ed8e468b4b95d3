-- Events of shops that the latest sessions of a site sent, and the pages they happened on.
-- Takes  :site, :sessions (how many of the latest).
-- Gives  path, event, count.
with recent as (
    select id from sessions where site_id = :site order by id desc limit :sessions
)
select path, names.text as event, count(*) as count
from recent
cross join events on events.site_id = :site and session_id = recent.id
join pages on pages.id = page
join names on names.id = name
where type = 9 and names.text in ('view_item', 'view_item_list', 'view_cart', 'begin_checkout')
group by page, name
order by count(*) desc, path, names.text
limit 1000
