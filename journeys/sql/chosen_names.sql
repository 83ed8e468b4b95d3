-- Which names a filter means.
-- Gives  id.
select id
from names
where true
/*filters*/
