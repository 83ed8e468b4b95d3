-- What sessions did, in order, as far as a funnel asks for it: page views, and other events that its steps name.
-- Takes  :site, :sessions (JSON of their ids), :wants, :any_goal and :journey as in funnel.sql.
-- Gives  session_id, number, at, type, what (the same for the same page or event), path, bits.
with want as materialized (
    select value ->> 0 as type, value ->> 1 as key, value ->> 2 as element, value ->> 3 as bits, value ->> 4 as goal_bits
    from json_each(:wants)
),
looked as materialized (
    select value as session_id
    from json_each(:sessions)
),
begun as materialized (
    select sessions.id as session_id, started_at, channel, source, campaign, referrer,
           (select bought from session_moves where journey_id = :journey and session_id = sessions.id and from_stage = 0) as past
    from looked
    cross join sessions on site_id = :site and sessions.id = looked.session_id
    where :journey
),
start as (
    /*journeys/funnel_start*/
),
event as (
    /*journeys/funnel_event*/
    union all
    select session_id, element - 100, started_at, 0, 0, -element, bits  -- before the first event, in the order of stages
    from start
    join begun using (session_id)
)
select session_id, number, at, type, what, coalesce(pages.path, '') as path, bits
from event
left join pages on pages.id = event.page
where bits or type = 1
order by session_id, number
