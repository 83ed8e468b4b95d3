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
    select session_id, element, bits from begun join want on type = -2 and key = channel
    union
    select session_id, element, bits from begun join want on type = -3 and key = source
    union
    select session_id, element, bits from begun join want on type = -4 and key = campaign
    union
    select session_id, element, bits from begun join want on type = -5 and key = referrer
    union
    select session_id, element, bits from begun join want on type = -6 and key = past
    union
    select session_touchpoints.session_id, element, bits
    from want
    cross join begun
    cross join session_touchpoints
        on journey_id = :journey and session_touchpoints.session_id = begun.session_id and touchpoint = key
    where type = -7
),
event as (
    select session.unit, events.session_id, events.number, events.at, events.type, events.page,
           (events.type << 58) | (iif(events.type = 1, events.page, events.name) << 29)
               | case events.type when 5 then events.x when 6 then events.element when 9 then wanted.element is -3 else 0 end as what,
           coalesce(wanted.bits, 0) | coalesce(every.bits, 0) | iif(events.type in (1, 9) and events.y > 0,
               coalesce(wanted.goal_bits, 0) | coalesce(every.goal_bits, 0) | :any_goal, 0) as bits
    from session
    cross join events on events.site_id = :site and events.session_id = session.id
    left join want as wanted on wanted.type = events.type and wanted.key = iif(events.type = 1, events.page, events.name)
        and wanted.element = case events.type when 5 then events.x when 6 then events.element
            when 9 then iif(:journey and events.name = 1 and events.value is not null, iif(
                exists (select 1 from session_moves
                        where journey_id = :journey and session_id = events.session_id and from_stage = 0 and bought = 1)
                or exists (select 1 from events as earlier
                           where earlier.site_id = :site and earlier.session_id = events.session_id and earlier.number < events.number
                               and earlier.type = 9 and earlier.name = 1 and earlier.value is not null), -3, -2), -1)
            else -1 end
    left join want as every on every.type = events.type and every.key = iif(events.type = 1, events.page, events.name)
        and every.element = 0
    where events.type in (1, 5, 6, 9) and not (events.type = 6 and events.value is null)
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
