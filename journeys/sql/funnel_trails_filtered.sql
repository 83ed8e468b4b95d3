-- The trails of the chosen sessions, for a way of pages, and one of their dimensions.
-- Takes  :site, :start, :end, :dimension and :experiment (dimension.sql).
-- Gives  trails (with five slashes between them), value (the id of each, -1 for none; with commas between); null where there are none.
select group_concat(trail, '/////') as trails,
       group_concat(case when :dimension then coalesce(/*journeys/dimension*/, -1) end) as value
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
