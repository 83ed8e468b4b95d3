-- How the sessions of some days of a journey ended.
-- Takes  :journey, :days (JSON list).
-- Gives  day, ids (of the sessions), ends; as walk_columns and walk_ends have them.
select day, ids, ends
from walk_columns
join walk_ends using (journey_id, day)
where journey_id = :journey and day in (select value from json_each(:days))
order by day
