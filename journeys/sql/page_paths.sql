-- The paths that numbers stand for.
-- Takes  :ids (a JSON array).
-- Gives  id, text.
select id, path as text
from pages
where id in (select value from json_each(:ids))
