-- Experiments that events may count for: all that were started and not stopped, and those stopped since an instant.
-- Takes  :since.
-- Gives  id, site_id, key, definition, started_at, stopped_at,
--        epochs (JSON: when each began), turns (JSON: [at, 1 when paused and 0 when resumed]),
--        goals of their site (JSON: [name, kind, pattern], in the order they were made).
select id, site_id, key, definition, started_at, stopped_at,
    (select coalesce(json_group_array(started_at order by epoch), '[]')
     from experiment_epochs where experiment_id = experiments.id) as epochs,
    (select coalesce(json_group_array(json_array(at, action = 'paused') order by id), '[]')
     from experiment_history where experiment_id = experiments.id and action in ('paused', 'resumed')) as turns,
    (select coalesce(json_group_array(json_array(name, kind, pattern) order by id), '[]')
     from goals where site_id = experiments.site_id) as goals
from experiments
where started_at is not null and (stopped_at is null or stopped_at > :since)
order by id
