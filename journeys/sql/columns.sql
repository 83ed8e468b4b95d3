-- The days' sessions as columns; of a day that was written to since they were made, that it was.
-- Takes  :site, :first_day, :last_day, :form, :wanted (JSON: [family, name] of each column).
-- Gives  site (its key), day, changes (of the day by now), fresh (0: its rows are to be read), family, name, packed (null of a day without sessions), piece after piece.
select (select key from sites where id = :site) as site, day_changes.day, day_changes.changes, column_days.day is not null as fresh, family, name, packed
from day_changes
left join column_days on column_days.site_id = :site and column_days.day = day_changes.day and column_days.changes = day_changes.changes
    and column_days.form = :form
left join day_columns on day_columns.site_id = :site and day_columns.day = column_days.day
    and (family, name) in (select value ->> 0, value ->> 1 from json_each(:wanted))
where day_changes.site_id = :site and day_changes.day between :first_day and :last_day
order by day_changes.day, family, name, piece
