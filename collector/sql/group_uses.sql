-- What hangs on a page group: saved funnels with it as a step, journeys with it as a rule, segments and maps narrowed by it.
-- Takes  :site, :name, :typed (as a filter has it), :quoted (as the address of a filter has it).
-- Gives  kind ('funnel', 'journey', 'segment' or 'map'), name.
select 'funnel' as kind, name
from funnels
where site_id = :site and exists (select 1 from json_each(definition, '$.steps') where value = 'group:' || :name)
union all
select 'journey', definition ->> '$.name'
from journeys
where site_id = :site and exists (
    select 1 from json_tree(definition) where type = 'object' and value ->> '$.kind' = 'group' and value ->> '$.value' = :name)
union all
select 'segment', name
from segments
where site_id = :site and exists (select 1 from json_each(filters, '$.group') where value in (:typed, '!' || :typed))
union all
select 'map', name
from maps
where site_id = :site and (instr('&' || segment || '&', '&group=' || :quoted || '&') or instr('&' || segment || '&', '&group=%21' || :quoted || '&'))
order by kind, name
