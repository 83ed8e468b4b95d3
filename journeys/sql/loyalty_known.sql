-- All sessions, in the period, of visitors who can be known again; of a share of them.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  sessions, conversions, purchases, revenue, squares (of each session's revenue).
select count(*) as sessions, coalesce(sum(conversions), 0) as conversions, coalesce(sum(purchases), 0) as purchases,
       coalesce(sum(revenue), 0) as revenue, coalesce(sum(1.0 * revenue * revenue) filter (where revenue <> 0), 0.0) as squares
from sessions indexed by sessions_lasting
where site_id = :site and lasting between :least and :most and id >= :start << 22 and id < :end << 22
