-- How values of a dimension are written.
-- Takes  :ids (JSON of them, as dimension.sql gives them), :dimension and :experiment (dimension.sql).
-- Gives  id, value (null for none).
select value as id, /*journeys/dimension_text*/ as value
from (select value from json_each(:ids))
order by id
