-- How far each segment of the spool is in the store.
-- Gives  segment, offset.
select segment, offset from positions order by segment
