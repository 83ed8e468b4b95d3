-- Journeys, of one site or of all, the first of each site first.
-- Takes  :site (null: every site), :key (null: every key).
-- Gives  the columns of journeys.
select id, site_id, key, definition, version, last_number, created_at, changed_at, confirmed_at
from journeys
where (:site is null or site_id = :site) and (:key is null or key = :key)
order by site_id, id
