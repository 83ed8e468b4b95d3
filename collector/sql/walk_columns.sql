-- The walks of some days of a journey as columns.
-- Takes  :journey, :days (JSON list).
-- Gives  the columns of walk_columns; ends (of walk_ends).
select walk_columns.*, ends
from walk_columns
join walk_ends using (journey_id, day)
where journey_id = :journey and day in (select value from json_each(:days))
order by day
