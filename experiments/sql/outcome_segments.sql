-- What the visitors of an experiment came to in one epoch, by segment of some kinds, variant and measure.
-- Takes  :experiment, :epoch, :first_day, :last_day, :segments, :measures (JSON lists).
-- Gives  segment, value, variant, measure, units, total, squares_high, squares_low.
select segment, value, variant, measure,
    sum(units) as units, sum(total) as total, sum(squares_high) as squares_high, sum(squares_low) as squares_low
from outcome_days
where experiment_id = :experiment and segment in (select value from json_each(:segments)) and epoch = :epoch and day between :first_day and :last_day
    and measure in (select value from json_each(:measures))
group by segment, value, variant, measure
order by segment, value, variant, measure
