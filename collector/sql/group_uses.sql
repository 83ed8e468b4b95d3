-- What hangs on a page group: saved funnels with it as a step, and journeys with it as a rule.
-- Takes  :site, :name.
-- Gives  kind ('funnel' or 'journey'), name.
select 'funnel' as kind, name
from funnels
where site_id = :site and exists (select 1 from json_each(definition, '$.steps') where value = 'group:' || :name)
union all
select 'journey', definition ->> '$.name'
from journeys
where site_id = :site and exists (
    select 1 from json_tree(definition) where type = 'object' and value ->> '$.kind' = 'group' and value ->> '$.value' = :name)
order by kind, name
