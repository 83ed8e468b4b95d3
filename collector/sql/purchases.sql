-- Purchases of a site that were counted and have a transaction id, in the order of time.
-- Takes  :site.
-- Gives  at, value, transaction_id, known_again (1 when its visitor is, on another day).
select at, value, detail ->> '$.transaction_id' as transaction_id,
       exists (select 1 from sessions where site_id = :site and id = session_id and lasting is not null) as known_again
from events
where site_id = :site and type = 9 and name = 1 and value is not null and detail ->> '$.transaction_id' is not null
order by at, session_id
