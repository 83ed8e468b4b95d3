-- Purchases of a site that were counted and have a transaction id, in the order of time.
-- Takes  :site.
-- Gives  at, value, transaction_id.
select at, value, detail ->> '$.transaction_id' as transaction_id
from events
where site_id = :site and type = 9 and name = 1 and value is not null and detail ->> '$.transaction_id' is not null
order by at, session_id
