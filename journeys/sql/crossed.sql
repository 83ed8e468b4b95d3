-- How many of the chosen sessions were shown more than one variant of an experiment.
-- Takes  :site, :start, :end, :experiment (its key).
-- Gives  sessions.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select count(*) as sessions
from session
where (select count(distinct label) from events
       where events.site_id = :site and events.session_id = session.id and events.type = 12
           and events.name = (select id from names where text = :experiment)) > 1
