-- Visitors of each variant who sent an event after their exposure.
-- Takes  :site, :experiment, :epoch, :first (the first unit to look at), :names (JSON list of events),
--        :window (milliseconds after the exposure).
-- Gives  name, variant, visitors.
with exposed as (
    select unit, variant, at, session_id
    from exposures
    where experiment_id = :experiment and epoch = :epoch and unit >= :first and multiple = 0
),
wanted as (
    select id, text
    from names
    where text in (select value from json_each(:names))
)
select wanted.text as name, exposed.variant, count(distinct exposed.unit) as visitors
from exposed
cross join sessions indexed by sessions_visitor
    on sessions.site_id = :site and sessions.visitor_id = exposed.unit and sessions.id >= exposed.session_id
cross join events on events.site_id = :site and events.session_id = sessions.id
join wanted on wanted.id = events.name
where events.type = 9 and events.at >= exposed.at and events.at < exposed.at + :window
group by wanted.text, exposed.variant
order by name, variant
