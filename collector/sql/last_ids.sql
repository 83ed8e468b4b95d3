-- The highest ids given to names and pages.
-- Gives  name, page.
select (select max(id) from names) as name, coalesce((select max(id) from pages), 0) as page
