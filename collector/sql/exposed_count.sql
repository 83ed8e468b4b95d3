-- How many units an experiment has, those seen in several variants too.
-- Takes  :experiment.
-- Gives  units.
select coalesce(sum(visitors + multiple), 0) as units
from exposure_days
where experiment_id = :experiment and segment = '' and value = 0
