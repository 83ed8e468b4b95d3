-- Visitors a day whom an experiment would meet: on its pages, after its event, of its audience.
-- Takes  what would_meet.sql takes.
-- Gives  day, visitors.
with session as (
    /*experiments/would_meet*/
)
select day, count(distinct visitor_id) as visitors
from session
group by day
order by day
