-- Pages that the latest sessions of a site saw, most viewed first, each with one of its titles.
-- Takes  :site, :sessions (how many of the latest).
-- Gives  path, title, views.
with recent as (
    select id from sessions where site_id = :site order by id desc limit :sessions
)
select path, max(names.text) as title, count(*) as views
from recent
cross join events on events.site_id = :site and session_id = recent.id
join pages on pages.id = page
join names on names.id = label
where type = 1
group by page
order by views desc, path
limit 1000
