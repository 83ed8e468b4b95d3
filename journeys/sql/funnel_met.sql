-- Sessions that met the first part of a funnel: all, or some of them.
-- Takes  :site, :start, :end, :wants and :journey as in funnel.sql, :table (where the first part is found, as :tables in funnel.sql),
--        :first and :last (the whole period, in milliseconds), :spans (into how many equal ones it is divided),
--        :part (only the first so manyth part of each is read),
--        :every (only every so manyth session), :dimension and :experiment (dimension.sql).
-- Gives  session_id, value.
with recursive want as materialized (
    select value ->> 0 as type, value ->> 1 as key, value ->> 2 as element
    from json_each(:wants)
    where (value ->> 3) & 1
),
place (number) as (
    select (:start - :first) * :spans / (:last - :first)
    union all
    select number + 1 from place where number + 1 < :spans and :first + (number + 1) * (:last - :first) / :spans < :end
),
span as materialized (
    select max(:start, :first + number * (:last - :first) / :spans) << 22 as begin_id,
           min(:end, :first + (number * :part + 1) * (:last - :first) / (:spans * :part)) << 22 as end_id
    from place
),
met as (
    select session_id
    from span
    cross join session_pages on site_id = :site and session_id >= begin_id and session_id < end_id
    where :table = 1 and views > 0 and page in (select key from want where type = 1)
    union
    select session_id
    from span
    cross join events indexed by events_custom on type = 9 and site_id = :site and session_id >= begin_id and session_id < end_id
    where :table = 2 and name in (select key from want where type = 9)
    union
    select session_id
    from span
    cross join session_forms on site_id = :site and session_id >= begin_id and session_id < end_id
    cross join want on want.type = 5 and key = form and case element when 1 then viewed when 2 then started when 3 then submitted end
    where :table = 4
    union
    select session_id
    from span
    cross join session_fields on site_id = :site and session_id >= begin_id and session_id < end_id
    cross join want on want.type = 6 and key = form and element = field
    where :table = 8 and stays > 0
    union
    select sessions.id
    from span
    cross join sessions on site_id = :site and id >= begin_id and id < end_id and goals <> ''
    where :table = 32 or :table = 16 and exists (select 1 from want where want.type = 0 and instr(goals, ',' || key || ','))
    union
    select session_id
    from span
    cross join session_touchpoints on journey_id = :journey and session_id >= begin_id and session_id < end_id
    where :table = 64 and stage in (select key from want where type = -1)
)
select id as session_id, /*journeys/dimension_text*/ as value
from (
    select id, /*journeys/dimension*/ as value
    from sessions
    where site_id = :site and id in (select session_id from met) and id % :every = 0
        /*filters*/
)
order by id
