-- How far sessions came on a way of custom events in open order, by one of their dimensions. Nothing else of them is read; of those
-- with an event of the second step after one of the first, the events are put in order.
-- Takes  :site, :start, :end, :wants (JSON: [[type, name, 0, bits, bits when a goal was reached], …], one bit a name),
--        :first to :tenth (for each step a glob that finds it, and all before it, in a line of characters, null where there is none),
--        :dimension and :experiment (dimension.sql), :narrowed (1: there are filters).
-- Gives  session_id (0), value, furthest (the last step reached, from 1), sessions.
with want as materialized (
    select value ->> 1 as name, (value ->> 3) | (value ->> 4) as bits, value ->> 4 as goal_bits
    from json_each(:wants)
    where value ->> 0 = 9
),
session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
begun as materialized (
    select session_id, min(iif(name in (select name from want where bits = 1), number, null)) as first_at,
           max(iif(name in (select name from want where bits = 2), number, null)) as second_at
    from events indexed by events_custom
    where type = 9 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22 and name in (select name from want)
        and (not :narrowed or session_id in (select id from session))
        and (name not in (select name from want where goal_bits) or (
            select y from events as whole
            where site_id = :site and whole.session_id = events.session_id and whole.number = events.number) > 0)
    group by session_id
    having first_at is not null
),
line as (
    select events.session_id, group_concat(char(256 + want.bits), '' order by number) as characters
    from begun
    cross join events indexed by events_custom on events.type = 9 and events.site_id = :site and events.session_id = begun.session_id
    cross join want on want.name = events.name
    where second_at > first_at and (not goal_bits or (
        select y from events as whole where site_id = :site and whole.session_id = events.session_id and whole.number = events.number) > 0)
    group by events.session_id
),
way as (
    select session_id, 1 as furthest
    from begun
    where second_at > first_at is not 1
    union all
    select session_id, /*journeys/furthest*/
    from line
),
valued as (
    select furthest, iif(:dimension, (
        select /*journeys/dimension*/
        from sessions
        where site_id = :site and id = way.session_id), 0) as value
    from way
),
total as (
    select value, furthest, count(*) as sessions
    from valued
    group by value, furthest
)
select 0 as session_id, /*journeys/dimension_text*/ as value, furthest, sessions
from total
order by value, furthest
