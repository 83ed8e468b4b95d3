-- The personas of a site, by name.
-- Takes  :site.
-- Gives  id, name, segment (its key), profile (JSON), version, changed_at, changed_by.
select id, name, segment, profile, version, changed_at, changed_by
from personas
where site_id = :site
order by name, id
