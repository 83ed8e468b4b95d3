-- The next units of an experiment by number, after one of them.
-- Takes  :experiment, :after (null: from the first), :limit.
-- Gives  the columns of exposures.
select experiment_id, unit, variant, at, day, epoch, session_id, multiple, device, browser, channel, country, seen_before
from exposures
where experiment_id = :experiment and unit > coalesce(:after, -9223372036854775808)
order by unit
limit :limit
