-- How far sessions came on the way of a funnel, by one of their dimensions. Only of those that met the first part and the second
-- are events read, in order: of the others that says enough.
-- Takes  :site, :start, :end, :wants (JSON: [[type, page or name, element or x, bits, bits when a goal was reached], …]),
--        :any_goal (bits that any goal has), :journey (whose stages are asked for, or 0), :tables (1: what the first two parts
--        ask for are pages, 2: events, 4: forms, 8: fields, 16: goals, 32: any goal, 64: stages), :alone (1: the first part is the whole first step), :ways (JSON: a glob for each step),
--        :dimension (collector/filters.py: DIMENSIONS; 0: none), :narrowed (1: there are filters), :each (1: a row for every session),
--        :long (1: only sessions of more pages than a trail has: narrowed, too).
-- Gives  session_id (0 unless :each), value, furthest (the last step reached, from 1), sessions.
with want as materialized (
    select value ->> 0 as type, value ->> 1 as key, value ->> 2 as element, value ->> 3 as bits, value ->> 4 as goal_bits
    from json_each(:wants)
),
session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and (not :long or views >= 60 and length(trail) >= 300)
    /*filters*/
),
part as (
    select session_id, max(page in (select key from want where type = 1 and bits & 1)) as first,
           max(page in (select key from want where type = 1 and bits & 2)) as second
    from session_pages
    where :tables & 1 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and views > 0
        and page in (select key from want where type = 1 and bits & 3)
    group by session_id
    union all
    select session_id, max(name in (select key from want where type = 9 and bits & 1)),
           max(name in (select key from want where type = 9 and bits & 2))
    from events indexed by events_custom
    where :tables & 2 and type = 9 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22
        and name in (select key from want where type = 9 and bits & 3)
    group by session_id
    union all
    select session_id, max(bits & 1), max(bits & 2 > 0)
    from session_forms
    join want on want.type = 5 and key = form and bits & 3
        and case element when 1 then viewed when 2 then started when 3 then submitted end
    where :tables & 4 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22
    group by session_id
    union all
    select session_id, max(bits & 1), max(bits & 2 > 0)
    from session_fields
    join want on want.type = 6 and key = form and element = field and bits & 3
    where :tables & 8 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and stays > 0
    group by session_id
    union all
    select id, max(bits & 1), max(bits & 2 > 0)
    from sessions
    join want on want.type = 0 and bits & 3 and instr(goals, ',' || key || ',')
    where :tables & 16 and site_id = :site and id >= :start << 22 and id < :end << 22 and goals <> ''
    group by id
    union all
    select id, :any_goal & 1, :any_goal & 2 > 0
    from sessions
    where :tables & 32 and site_id = :site and id >= :start << 22 and id < :end << 22 and goals <> ''
    union all
    select session_id, max(stage in (select key from want where type = -1 and bits & 1)),
           max(stage in (select key from want where type = -1 and bits & 2))
    from session_touchpoints
    where :tables & 64 and journey_id = :journey and session_id >= :start << 22 and session_id < :end << 22
        and stage in (select key from want where type = -1 and bits & 3)
    group by session_id
),
met as materialized (
    select session_id, max(second) as second
    from part
    where not :narrowed or session_id in (select id from session)
    group by session_id
    having max(first)
),
event as (
    select events.session_id, events.number, (events.type << 58) | (iif(events.type = 1, events.page, events.name) << 29)
               | case events.type when 5 then events.x when 6 then events.element when 9 then wanted.element is -3 else 0 end as what,
           coalesce(wanted.bits, 0) | coalesce(every.bits, 0) | iif(events.type in (1, 9) and events.y > 0,
               coalesce(wanted.goal_bits, 0) | coalesce(every.goal_bits, 0) | :any_goal, 0) as bits
    from met
    cross join events on events.site_id = :site and events.session_id = met.session_id
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
    where met.second and events.type in (1, 5, 6, 9) and not (events.type = 6 and events.value is null)
),
place as (
    select session_id, number, bits, what is lag(what) over (partition by session_id order by number) as again
    from event
    where bits or what >> 58 = 1
),
begun as materialized (  -- what a stage asks for that is known when a session begins: journeys/stage_wants.py
    select id as session_id, channel, source, campaign, referrer,
           (select bought from session_moves where journey_id = :journey and session_id = id and from_stage = 0) as past
    from met
    cross join sessions on site_id = :site and id = session_id
    where :journey and second
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
opened as materialized (
    select session_id, group_concat(char(256 + bits), '' order by element) as characters
    from start
    group by session_id
),
line as (
    select session_id, group_concat(char(256 + bits), '' order by number) as characters
    from place
    where not again
    group by session_id
),
way as (
    select met.session_id, iif(met.second, (
               select count(*)
               from json_each(:ways)
               where coalesce(opened.characters, '') || coalesce(line.characters, '') glob json_each.value), :alone) as furthest
    from met
    left join opened using (session_id)
    left join line using (session_id)
),
valued as (
    select iif(:each, session_id, 0) as session_id, furthest, iif(:dimension, (
        select case :dimension
                   when 1 then source when 2 then medium when 3 then campaign when 4 then content when 5 then term when 6 then channel
                   when 7 then referrer when 8 then country when 9 then language when 10 then device when 11 then browser
                   when 12 then os when 13 then entry_page when 14 then exit_page
               end
        from sessions
        where site_id = :site and id = way.session_id), 0) as value
    from way
    where furthest > 0
),
total as (
    select session_id, value, furthest, count(*) as sessions
    from valued
    group by session_id, value, furthest
)
select session_id, case when :dimension in (13, 14) then (select path from pages where id = total.value)
           else (select text from names where id = total.value) end as value, furthest, sessions
from total
order by session_id, value, furthest
