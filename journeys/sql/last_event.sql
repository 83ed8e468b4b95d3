-- When the last event of some days came.
-- Takes  :site, :start, :end.
-- Gives  at (null when there was none).
with newest as (
    select last_at
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    order by id desc
    limit 1000
)
select max(last_at) as at
from newest
