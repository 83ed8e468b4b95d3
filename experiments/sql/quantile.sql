-- One of the values of a measure that are not 0, by its place from above.
-- Takes  :experiment, :measure, :place (0: the largest).
-- Gives  value.
select value
from outcomes
where experiment_id = :experiment and measure = :measure and value > 0
order by value desc
limit 1 offset :place
