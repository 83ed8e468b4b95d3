-- The walks of some days through a journey as columns, for met_columns.py.
-- Takes  :journey, :first_day, :last_day.
-- Gives  the columns of walk_columns, and those of walk_ends.
select walk_columns.*, ends
from walk_columns
join walk_ends using (journey_id, day)
where journey_id = :journey and day between :first_day and :last_day
order by day
