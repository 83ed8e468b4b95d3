-- The path of a page.
-- Takes  :page.
-- Gives  path.
select path from pages where id = :page
