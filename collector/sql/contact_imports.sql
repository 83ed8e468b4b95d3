-- The latest imports of contacts and orders, latest first, and how many of their rows are there still.
-- Takes  :site, :number (of one, null for all), :limit.
-- Gives  id, at, who, what, file, rows, refused, first_day, last_day, undone_at, undone_by, kept.
select id, at, who, what, file, rows, refused, first_day, last_day, undone_at, undone_by,
       (select count(*) from contacts where import_id = contact_imports.id) as kept
from contact_imports
where site_id = :site and id = ifnull(:number, id)
order by id desc
limit :limit
