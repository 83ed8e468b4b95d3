-- How far the chosen sessions came on a way of pages, as their trails say, by one of their dimensions. Those of more pages than
-- a trail has are left for funnel.sql.
-- Takes  :site, :start, :end, :first to :tenth (for each step a glob of trails that came so far, null where there is none),
--        :dimension (collector/filters.py: DIMENSIONS; 0: none).
-- Gives  session_id (0), value, furthest (the last step reached, from 1; -1 for the sessions left out), sessions.
with way as (
    select iif(length(trail) >= 300, -1,
           case when trail glob :first is not 1 then 0 when trail glob :second is not 1 then 1 when trail glob :third is not 1 then 2
                when trail glob :fourth is not 1 then 3 when trail glob :fifth is not 1 then 4 when trail glob :sixth is not 1 then 5
                when trail glob :seventh is not 1 then 6 when trail glob :eighth is not 1 then 7 when trail glob :ninth is not 1 then 8
                when trail glob :tenth is not 1 then 9
                else 10
           end) as furthest,
           case :dimension
               when 1 then source when 2 then medium when 3 then campaign when 4 then content when 5 then term when 6 then channel
               when 7 then referrer when 8 then country when 9 then language when 10 then device when 11 then browser
               when 12 then os when 13 then entry_page when 14 then exit_page
           end as value
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
total as (
    select value, furthest, count(*) as sessions
    from way
    where furthest <> 0
    group by value, furthest
)
select 0 as session_id, case when :dimension in (13, 14) then (select path from pages where id = total.value)
           else (select text from names where id = total.value) end as value, furthest, sessions
from total
order by value, furthest
