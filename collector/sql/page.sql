-- The id of a page.
-- Takes  :site, :path.
-- Gives  id.
select id from pages where site_id = :site and path = :path
