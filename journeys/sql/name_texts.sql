-- The texts that numbers stand for.
-- Takes  :ids (a JSON array).
-- Gives  id, text.
select id, text
from names
where id in (select value from json_each(:ids))
order by id
