-- One kept version of a map.
-- Takes  :map, :number.
-- Gives  number, at, who, name, snapshot.
select number, at, who, name, snapshot
from map_versions
where map_id = :map and number = :number
