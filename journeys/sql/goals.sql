-- Every goal of the site and the sessions that reached it, most first.
-- Takes  :site, :first_day, :last_day.
-- Gives  value, kind, pattern, sessions, purchases, revenue.
with reached as (
    select value, sum(sessions) as sessions, sum(purchases) as purchases, sum(revenue) as revenue
    from session_days
    where site_id = :site and dimension = 15 and day between :first_day and :last_day
    group by value
)
select goals.name as value, kind, pattern, coalesce(sessions, 0) as sessions,
       coalesce(purchases, 0) as purchases, coalesce(revenue, 0) as revenue
from goals
left join reached on reached.value = goals.id
where goals.site_id = :site
order by sessions desc, goals.name, goals.id
