-- The sessions of the same visitor just before and just after one, and how many there are of either.
-- Takes  :site, :person (the lasting id, without one the visitor's), :session (its id).
-- Gives  earlier, later (ids, null without one), before, after.
with theirs as (
    select id from sessions indexed by sessions_lasting where site_id = :site and lasting = :person
    union all
    select id from sessions indexed by sessions_visitor where site_id = :site and visitor_id = :person and lasting is null
)
select max(iif(id < :session, id, null)) as earlier, min(iif(id > :session, id, null)) as later,
       coalesce(sum(id < :session), 0) as before, coalesce(sum(id > :session), 0) as after
from theirs
