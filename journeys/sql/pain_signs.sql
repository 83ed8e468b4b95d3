-- What went wrong under the hands of sessions: rage, dead and error clicks, and script errors.
-- Takes  :site, :start, :end, :every, :width (as pain_sessions.sql).
-- Gives  session, page, sign (1 rage, 2 dead, 3 error click, 7 script error), element (of an error: ''),
--        label (of an error: its message), in the order of happening.
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
),
session as (
    select id
    from span cross join sessions
    where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
        and rage + dead + error_clicks + errors > 0
    /*filters*/
),
sign as (
    select session_id, number, page, iif(type = 7, 7, x) as sign, iif(type = 7, 0, element) as element,
           iif(type = 7, name, label) as label
    from session
    cross join events on events.site_id = :site and session_id = session.id
    where type = 7 or (type = 4 and x < 4)
)
select session_id as session, pages.path as page, sign, element.text as element, label.text as label
from sign
join pages on pages.id = sign.page
join names as element on element.id = sign.element
join names as label on label.id = sign.label
order by session_id, number
