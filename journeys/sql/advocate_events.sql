-- What visitors said for or against the site in the chosen sessions: shares, recommendations, answers; each event's last in a session.
-- Takes  :site, :start, :end.
-- Gives  session_id, visitor, name, at, score (of an answer, as sent), newest first.
with wanted as (
    select id, text from names where text in ('share', 'refer', 'answer')
),
told as (
    select session_id, name, max(number) as number
    from events indexed by events_custom
    where site_id = :site and type = 9 and name in (select id from wanted)
        and session_id >= :start << 22 and session_id < :end << 22
    group by session_id, name
),
chosen as (
    select id, coalesce(lasting, visitor_id) as visitor
    from sessions
    where site_id = :site and id in (select session_id from told)
    /*filters*/
)
select told.session_id, chosen.visitor, wanted.text as name, event.at, json_extract(event.detail, '$.score') as score
from told
join chosen on chosen.id = told.session_id
join wanted on wanted.id = told.name
join events as event on event.site_id = :site and event.session_id = told.session_id and event.number = told.number
order by event.at desc, told.session_id desc, name
