-- The links that show an experiment's result, newest first; those that have expired too.
-- Takes  :experiment.
-- Gives  id, name, made_by, created_at, expires_at, used_at.
select id, name, made_by, created_at, expires_at, used_at
from experiment_links
where experiment_id = :experiment
order by id desc
