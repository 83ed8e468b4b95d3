-- Experiments of a site that were ever started, that started last first.
-- Takes  :site.
-- Gives  key, control (its first variant's).
select key, definition ->> '$.variants[0].key' as control
from experiments
where site_id = :site and started_at is not null
order by started_at desc, id desc
