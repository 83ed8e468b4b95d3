-- Visitors of each variant, those seen in several left out.
-- Takes  :experiment, :epoch, :first (the first unit to look at).
-- Gives  variant, visitors.
select variant, count(*) as visitors
from exposures
where experiment_id = :experiment and epoch = :epoch and unit >= :first and multiple = 0
group by variant
order by variant
