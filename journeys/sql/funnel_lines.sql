-- What sessions did, in order, as far as a funnel asks for it: page views, and other events that its steps name.
-- Takes  :site, :start, :end, :sessions (JSON of their ids), :visitors (1: and all sessions of their visitors),
--        :wants, :any_goal and :journey as in funnel.sql.
-- Gives  unit (the session, or its visitor), session_id, number, at, type, what (the same for the same page or event), path, bits.
with want as materialized (
    select value ->> 0 as type, value ->> 1 as key, value ->> 2 as element, value ->> 3 as bits, value ->> 4 as goal_bits
    from json_each(:wants)
),
chosen as materialized (
    select value as id
    from json_each(:sessions)
),
visitor as materialized (
    select distinct coalesce(lasting, visitor_id) as person
    from chosen
    cross join sessions on sessions.site_id = :site and sessions.id = chosen.id
    where :visitors
),
theirs as materialized (
    select id from visitor
    cross join sessions indexed by sessions_lasting
        on site_id = :site and lasting = person and id >= :start << 22 and id < :end << 22
    union all
    select id from visitor
    cross join sessions indexed by sessions_visitor
        on site_id = :site and visitor_id = person and lasting is null and id >= :start << 22 and id < :end << 22
),
session as materialized (
    select id, id as unit
    from chosen
    where not :visitors
    union all
    select id, coalesce(lasting, visitor_id)
    from sessions
    where site_id = :site and id in (select id from theirs)
    /*filters*/
),
begun as materialized (
    select sessions.id as session_id, session.unit, started_at, channel, source, campaign, referrer,
           (select bought from session_moves where journey_id = :journey and session_id = sessions.id and from_stage = 0) as past
    from session
    cross join sessions on site_id = :site and sessions.id = session.id
    where :journey
),
start as (
    /*journeys/funnel_start*/
),
looked as (
    select unit, id as session_id
    from session
),
event as (
    /*journeys/funnel_event*/
    union all
    select unit, session_id, element - 100, started_at, 0, 0, -element, bits  -- before the first event, in the order of stages
    from start
    join begun using (session_id)
)
select unit, session_id, number, at, type, what, coalesce(pages.path, '') as path, bits
from event
left join pages on pages.id = event.page
where bits or type = 1
order by unit, session_id, number
