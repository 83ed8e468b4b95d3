-- What hangs on a page group or a goal: saved funnels with it as a step, journeys with it as a rule, segments and maps narrowed by it;
-- on a goal experiments that have not been decided and count it.
-- Takes  :site, :kind ('group' or 'goal'), :name, :typed (as a filter has it), :quoted (as the address of a filter has it).
-- Gives  sort ('funnel', 'journey', 'segment', 'map' or 'experiment'), name.
select 'funnel' as sort, name
from funnels
where site_id = :site and exists (select 1 from json_each(definition, '$.steps') where value = :kind || ':' || :name)
union all
select 'journey', definition ->> '$.name'
from journeys
where site_id = :site and exists (
    select 1 from json_tree(definition) where type = 'object' and value ->> '$.kind' = :kind and value ->> '$.value' = :name)
union all
select 'segment', name
from segments
where site_id = :site and exists (select 1 from json_each(filters, '$.' || :kind) where value in (:typed, '!' || :typed))
union all
select 'map', name
from maps
where site_id = :site and (instr('&' || segment || '&', '&' || :kind || '=' || :quoted || '&')
    or instr('&' || segment || '&', '&' || :kind || '=%21' || :quoted || '&'))
union all
select 'experiment', key
from experiments
where :kind = 'goal' and site_id = :site and state not in ('decided', 'archived')  -- its `group` is of experiments
    and exists (select 1 from json_tree(definition) where key = 'goal' and type = 'text' and value = :name)
order by sort, name
