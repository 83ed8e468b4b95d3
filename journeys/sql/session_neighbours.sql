-- The sessions of the same visitor just before and just after one, and how many there are of either.
-- Takes  :site, :visitor, :session (its id).
-- Gives  earlier, later (ids, null without one), before, after.
select max(iif(id < :session, id, null)) as earlier, min(iif(id > :session, id, null)) as later,
       coalesce(sum(id < :session), 0) as before, coalesce(sum(id > :session), 0) as after
from sessions
where site_id = :site and visitor_id = :visitor
