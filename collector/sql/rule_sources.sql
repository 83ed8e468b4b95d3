-- Sessions by what rules of journeys may ask of their beginning, and by the goals they reached.
-- Takes  :site, :first_day, :last_day.
-- Gives  dimension (collector/filters.py: DIMENSIONS), value, count.
select dimension, iif(dimension = 15, goals.name, names.text) as value, sum(sessions) as count
from session_days
left join names on names.id = session_days.value
left join goals on dimension = 15 and goals.id = session_days.value
where session_days.site_id = :site and dimension in (1, 3, 6, 7, 15) and day between :first_day and :last_day
group by dimension, session_days.value
order by count desc, value
