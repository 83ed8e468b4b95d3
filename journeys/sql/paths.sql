-- Where sessions went from a page, step by step along a chosen way, or where they had come from.
-- A session counts once, from the first time it saw the page.
-- Takes  :site, :first_day, :last_day, :before (1: backwards),
--        :first to :fifth (codes of the chosen pages in the order of the steps, null where none is chosen).
-- Gives  matched (steps of the chosen way that the sessions took, 1-5),
--        next (the code they took instead of the next one, '' when there is none), sessions.
with walk as materialized (
    select sessions,
           case when :before
               then substr(trail, instr(trail, :first), 5)
                    || iif(instr(trail, :first) > 5, substr(trail, instr(trail, :first) - 5, 5), '')
                    || iif(instr(trail, :first) > 10, substr(trail, instr(trail, :first) - 10, 5), '')
                    || iif(instr(trail, :first) > 15, substr(trail, instr(trail, :first) - 15, 5), '')
                    || iif(instr(trail, :first) > 20, substr(trail, instr(trail, :first) - 20, 5), '')
               else substr(trail, instr(trail, :first), 25)
           end as way
    from trails
    where site_id = :site and day between :first_day and :last_day and instr(trail, :first)
),
step as (
    select sessions, way,
           case when substr(way, 6, 5) is not :second then 1
                when substr(way, 11, 5) is not :third then 2
                when substr(way, 16, 5) is not :fourth then 3
                when substr(way, 21, 5) is not :fifth then 4
                else 5
           end as matched
    from walk
)
select matched, substr(way, matched * 5 + 1, 5) as next, sum(sessions) as sessions
from step
group by 1, 2
order by 1, 3 desc, 2
