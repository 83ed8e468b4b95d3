-- What hangs on a segment: personas, maps of it, and experiments that have not been decided and name it in their audience.
-- Takes  :site, :segment (its key).
-- Gives  kind ('persona', 'map' or 'experiment'), name.
select 'persona' as kind, name
from personas
where site_id = :site and segment = :segment
union all
select 'map', name
from maps
where site_id = :site and (instr('&' || segment || '&', '&segment=' || :segment || '&') or instr('&' || segment || '&', '&segment=%21' || :segment || '&'))
union all
select 'experiment', key
from experiments
where site_id = :site and definition ->> '$.audience.segment' = :segment and state not in ('decided', 'archived')
order by kind, name
