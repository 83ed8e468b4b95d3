-- Events, forms or fields that a step of a funnel stands for.
-- Takes  nothing.
-- Gives  id, text.
select id, text
from names
where id > 0
    /*filters*/
order by id
