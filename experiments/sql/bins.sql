-- How many visitors have a value in each of some bins of one width; what is beyond the last is in it.
-- Takes  :experiment, :measure, :width, :last (number of the last bin).
-- Gives  bin, variant, visitors, largest.
select min(value / :width, :last) as bin, variant, count(*) as visitors, max(value) as largest
from outcomes
where experiment_id = :experiment and measure = :measure and value > 0
group by bin, variant
order by bin, variant
