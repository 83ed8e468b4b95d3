-- Spans of days whose real orders were brought in.
-- Takes  :site, :first_day, :last_day.
-- Gives  first_day, last_day.
select max(first_day, (select min(day) from contacts where site_id = :site and kind = 'order')) as first_day, last_day
from contact_imports
where site_id = :site and what = 'orders' and undone_at is null and first_day <= :last_day and last_day >= :first_day
    and exists (select 1 from contacts where site_id = :site and kind = 'order')
order by id
