-- The same of visitors whose first session is chosen.
-- Those who came before it was kept who can be known again are left out: their first session is not known.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  as cohorts.sql.
with since as materialized (
    select lasting_since << 22 as id from sites where sites.id = :site and lasting_since is not null
),
known as (
    select lasting, min(id) as id
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most
    group by lasting
),
fresh as materialized (
    select lasting, id
    from known
    where id >= :start << 22 and id < :end << 22
        and not exists (select 1 from since join sessions as before indexed by sessions_visitor
                        on before.site_id = :site and before.visitor_id = known.lasting and before.id < since.id)
),
chosen as (
    select lasting
    from sessions
    where site_id = :site and id in (select id from fresh)
    /*filters*/
),
session as (
    select lasting, count(*) as sessions, group_concat(day, ' ') as days
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting in (select lasting from chosen) and id < :end << 22
    group by lasting
)
select group_concat(lasting, ' ') as visitors, group_concat(sessions, ' ') as sessions, group_concat(days, ' ') as days
from session
