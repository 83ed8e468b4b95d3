-- The first exposures of some units to some experiments.
-- Takes  :trials, :units (JSON lists of ids).
-- Gives  the columns of exposures.
select experiment_id, unit, variant, at, day, epoch, session_id, multiple, device, browser, channel, country, seen_before
from exposures
where experiment_id in (select value from json_each(:trials))
    and unit in (select value from json_each(:units))
order by experiment_id, unit
