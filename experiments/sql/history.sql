-- Everything that was done to an experiment, latest first.
-- Takes  :experiment.
-- Gives  at, who, action, detail.
select at, who, action, detail
from experiment_history
where experiment_id = :experiment
order by id desc
