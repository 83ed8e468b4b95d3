-- What some units came to in one experiment.
-- Takes  :trial, :measures (JSON list), :units (JSON list of ids).
-- Gives  measure, unit, value, at.
select measure, unit, value, at
from outcomes
where experiment_id = :trial
    and measure in (select value from json_each(:measures))
    and unit in (select value from json_each(:units))
order by measure, unit
