-- How far sessions came on the way of a funnel, by one of their dimensions. Only of those that met the first part and the second
-- are events read, in order: of the others that says enough.
-- Takes  :site, :start, :end, :wants (JSON: [[type, page or name, element or x, bits, bits when a goal was reached], …]),
--        :any_goal (bits that any goal has), :journey (whose stages are asked for, or 0), :tables (1: what the first two parts
--        ask for are pages, 2: events, 4: forms, 8: fields, 16: goals, 32: any goal, 64: stages), :alone (1: the first part is the whole first step), :ways (JSON: a glob for each step),
--        :dimension and :experiment (dimension.sql), :narrowed (1: there are filters), :each (1: a row for every session),
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
looked as (
    select session_id
    from met
    where second
),
event as (
    /*journeys/funnel_event*/
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
    /*journeys/funnel_start*/
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
        select /*journeys/dimension*/
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
select session_id, /*journeys/dimension_text*/ as value, furthest, sessions
from total
order by session_id, value, furthest
