-- All values of a measure of each variant, in no order: one long text is read ten times as fast as many rows.
-- Takes  :experiment, :measure.
-- Gives  variant, held (JSON list of values).
select variant, json_group_array(value) as held
from outcomes
where experiment_id = :experiment and measure = :measure
group by variant
order by variant
