-- The goals of one site, in the order they were made.
-- Takes  :site.
-- Gives  id, site_id, name, kind, pattern.
select id, site_id, name, kind, pattern from goals where site_id = :site order by id
