-- Epochs of an experiment in order: another one begins when its weights change.
-- Takes  :experiment.
-- Gives  epoch, started_at, weights.
select epoch, started_at, weights
from experiment_epochs
where experiment_id = :experiment
order by epoch
