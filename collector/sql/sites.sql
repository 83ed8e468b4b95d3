-- Every site, by name.
-- Gives  the columns of sites.
select id, key, name, domain, timezone, currency, created_at, first_event_at, exclusions_off
from sites
order by name, id
