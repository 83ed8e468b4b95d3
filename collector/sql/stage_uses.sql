-- Saved funnels with one of these stages as a step.
-- Takes  :site, :stages (JSON: their keys).
-- Gives  stage (its key), name (of the funnel).
select distinct stage.value as stage, name
from funnels
join json_each(definition, '$.steps') as step
join json_each(:stages) as stage on step.value = 'stage:' || stage.value
where site_id = :site
order by stage, name
