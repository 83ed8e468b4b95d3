-- Days whose columns were not made from their sessions as they are and as they are packed now, latest first.
-- Takes  :site, :form (day_columns.py).
-- Gives  day, changes (of the day by now).
select day_changes.day, day_changes.changes
from day_changes
left join column_days using (site_id, day)
where day_changes.site_id = :site and (column_days.changes is not day_changes.changes or column_days.form is not :form)
order by day_changes.day desc
