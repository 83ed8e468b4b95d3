-- Visitors whose value is above a cap, with the other measure of the same metric and where they are counted.
-- Takes  :experiment, :measure, :beside (the other measure), :before (what the metric was before the exposure), :cap.
-- Gives  variant, epoch, day, device, browser, channel, country, seen_before, value, beside, before.
select one.variant, epoch, day, device, browser, channel, country, seen_before, one.value as value,
    coalesce(other.value, 0) as beside, coalesce(earlier.value, 0) as before
from outcomes as one
join exposures using (experiment_id, unit)
left join outcomes as other on other.experiment_id = one.experiment_id and other.measure = :beside and other.unit = one.unit
left join outcomes as earlier on earlier.experiment_id = one.experiment_id and earlier.measure = :before
    and earlier.unit = one.unit
where one.experiment_id = :experiment and one.measure = :measure and one.value > :cap
order by one.unit
