-- Experiments of a site that were ever started, that started last first.
-- Takes  :site.
-- Gives  key.
select key
from experiments
where site_id = :site and started_at is not null
order by started_at desc, id desc
