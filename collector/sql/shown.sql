-- Whether visitors were shown a variant that a filter means: the first such event, and none where nobody was.
-- Takes  :site, :exposure (events.EXPOSURE).
-- Gives  session_id.
select session_id
from events
join names as experiment on experiment.id = events.name
join names as variant on variant.id = events.label
where events.site_id = :site and type = :exposure
/*filters*/
limit 1
