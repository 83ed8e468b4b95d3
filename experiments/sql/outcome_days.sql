-- What the visitors of an experiment came to, by epoch, day of exposure, variant and measure.
-- Takes  :experiment.
-- Gives  epoch, day, variant, measure, units, total, squares_high, squares_low.
select epoch, day, variant, measure, units, total, squares_high, squares_low
from outcome_days
where experiment_id = :experiment and segment = '' and value = 0
order by epoch, day, variant, measure
