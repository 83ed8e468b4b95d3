-- How long pages took to show their largest part, by the slowest load of each page in a session.
-- Takes  :site, :start, :end, :every, :width (as pain_sessions.sql).
-- Gives  session, page, lcp (milliseconds).
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
),
session as (
    select id
    from span cross join sessions
    where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
    /*filters*/
),
load as (
    select session_id, page, max(json_extract(detail, '$.lcp')) as lcp
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type = 8 and detail is not null
    group by session_id, page
)
select session_id as session, pages.path as page, lcp
from load
join pages on pages.id = load.page
where lcp is not null
order by session_id, pages.path
