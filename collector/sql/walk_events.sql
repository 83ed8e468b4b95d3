-- What the sessions of a span did, as far as it matters to their walk, session by session in order.
-- Takes  :site, :after, :last (session ids).
-- Gives  session_id, type, view, page, name, x, y, value, lcp (milliseconds, of VITALS that have it).
select session_id, type, view, page, name, x, y, value, iif(type = 8, json_extract(detail, '$.lcp'), null) as lcp
from events
where site_id = :site and session_id > :after and session_id <= :last and type in (1, 2, 4, 5, 6, 7, 8, 9)
order by session_id, number
