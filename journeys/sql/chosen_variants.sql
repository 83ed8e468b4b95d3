-- Which variants of experiments a filter means, of some.
-- Takes  :pairs (JSON: of each, the id of the experiment's name << 32 | that of the variant's).
-- Gives  id (such a pair).
select value as id
from json_each(:pairs) as pair
join names as experiment on experiment.id = pair.value >> 32
join names as variant on variant.id = pair.value & 0xffffffff
where true
/*filters*/
order by value
