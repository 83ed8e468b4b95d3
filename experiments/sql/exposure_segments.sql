-- Visitors of an experiment in one epoch by segment and variant, the largest segments first.
-- Takes  :experiment, :epoch, :first_day, :last_day.
-- Gives  segment, value, name, variant, visitors.
with counted as (
    select segment, value, variant, sum(visitors) as visitors
    from exposure_days
    where experiment_id = :experiment and segment <> '' and epoch = :epoch and day between :first_day and :last_day
    group by segment, value, variant
)
select segment, value, case segment when 'seen_before' then cast(value as text) else text end as name, variant, visitors
from counted
left join names on names.id = value
order by segment, sum(visitors) over (partition by segment, value) desc, value, variant
