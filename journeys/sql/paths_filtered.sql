-- Where the chosen sessions went from a page, step by step along a chosen way, or where they had come from.
-- A session counts once, from the first time it saw the page.
-- Takes  :site, :start, :end, :before (1: backwards),
--        :first to :fifth (codes of the chosen pages in the order of the steps, null where none is chosen).
-- Gives  matched (steps of the chosen way that the sessions took, 1-5),
--        next (the code they took instead of the next one, '' when there is none), sessions.
with walk as materialized (
    select iif(:before, substr(trail, max(instr(trail, :first) - 20, 1), min(instr(trail, :first) + 4, 25)),
               substr(trail, instr(trail, :first), 25)) as way
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and instr(trail, :first)
    /*filters*/
),
step as (
    select way,
           case when iif(:before, substr(way, -10, 5), substr(way, 6, 5)) is not :second then 1
                when iif(:before, substr(way, -15, 5), substr(way, 11, 5)) is not :third then 2
                when iif(:before, substr(way, -20, 5), substr(way, 16, 5)) is not :fourth then 3
                when iif(:before, substr(way, -25, 5), substr(way, 21, 5)) is not :fifth then 4
                else 5
           end as matched
    from walk
)
select matched, iif(:before, substr(way, -5 - matched * 5, 5), substr(way, matched * 5 + 1, 5)) as next, count(*) as sessions
from step
group by 1, 2
order by 1, 3 desc, 2
