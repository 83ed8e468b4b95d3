-- Visitors of an experiment by epoch, day of exposure and variant.
-- Takes  :experiment.
-- Gives  epoch, day, variant, visitors, multiple.
select epoch, day, variant, visitors, multiple
from exposure_days
where experiment_id = :experiment and segment = '' and value = 0
order by epoch, day, variant
