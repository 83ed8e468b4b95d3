-- Every goal of the site and the chosen sessions that reached it, most first.
-- Takes  :site, :start, :end.
-- Gives  value, kind, pattern, sessions, purchases, revenue.
with session as (
    select goals, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and goals <> ''
    /*filters*/
),
reached as (
    select goals, count(*) as sessions, sum(purchases) as purchases, sum(revenue) as revenue
    from session
    group by goals
)
select goal.name as value, kind, pattern, coalesce(sum(sessions), 0) as sessions,
       coalesce(sum(purchases), 0) as purchases, coalesce(sum(revenue), 0) as revenue
from goals as goal
left join reached on instr(reached.goals, ',' || goal.id || ',')
where goal.site_id = :site
group by goal.id
order by 4 desc, goal.name, goal.id
