-- Sessions with orders, in the period, of visitors who can be known again; of a share of them.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  lasting, day, orders, revenue.
select lasting, day, purchases as orders, revenue
from sessions indexed by sessions_lasting
where site_id = :site and lasting between :least and :most and purchases > 0 and id >= :start << 22 and id < :end << 22
order by lasting, id
