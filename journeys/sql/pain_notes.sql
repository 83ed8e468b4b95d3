-- What people noted of a pain point, first to last.
-- Takes  :point.
-- Gives  at, who, text.
select at, who, text
from pain_notes
where point_id = :point
order by id
