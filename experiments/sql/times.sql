-- The values of a measure, the smallest first, of each variant.
-- Takes  :experiment, :measure.
-- Gives  variant, value.
select variant, value
from outcomes
where experiment_id = :experiment and measure = :measure
order by variant, value
