-- The kept versions of a map, latest first.
-- Takes  :map.
-- Gives  number, at, who, name.
select number, at, who, name
from map_versions
where map_id = :map
order by number desc
