-- The site with a public key.
-- Takes  :key.
-- Gives  the columns of sites.
select id, key, name, domain, timezone, currency, created_at, first_event_at, exclusions_off
from sites
where key = :key
