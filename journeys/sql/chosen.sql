-- Sessions that are chosen by what stands in rows only.
-- Takes  :site, :start, :end.
-- Gives  ids (with commas between, null for none).
select group_concat(id) as ids
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
