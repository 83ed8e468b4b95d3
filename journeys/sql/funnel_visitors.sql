-- The chosen sessions and whose they are, for a way over several sessions of a visitor.
-- Takes  :site, :start, :end, :dimension and :experiment (dimension.sql).
-- Gives  visitor (the same on all days who consented or signed in), session, ended, value (the id, -1 for none), each with commas
--        between them, trails (with five slashes between them); null where there are none.
select group_concat(coalesce(lasting, visitor_id)) as visitor, group_concat(id) as session, group_concat(last_at) as ended,
       group_concat(case when :dimension then coalesce(/*journeys/dimension*/, -1) end) as value,
       group_concat(trail, '/////') as trails
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
