-- Visitors who can be known again and whose first session was in some days and is chosen: those of cohorts.sql, whose question is quicker
-- over a long period, as this one is over a week.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :start, :end.
-- Gives  lasting.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
)
select lasting
from sessions
where site_id = :site and lasting is not null and id >= :start << 22 and id < :end << 22
    and not exists (select 1 from sessions as earlier indexed by sessions_lasting
                    where earlier.site_id = :site and earlier.lasting = sessions.lasting and earlier.id < sessions.id)
    and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                    on before.site_id = :site and before.visitor_id = sessions.lasting and before.id < since.id)
    /*filters*/
