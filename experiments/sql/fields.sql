-- What visitors of each variant did in the fields of a form after their exposure.
-- Takes  :site, :experiment, :epoch, :first (the first unit to look at), :form (its name).
-- Gives  field, variant, reached, left_here, returned, refused (visitors), hesitations, hesitation_ms,
--        place (the mean place among the fields a visitor met).
with exposed as (
    select unit, variant, at, session_id
    from exposures
    where experiment_id = :experiment and epoch = :epoch and unit >= :first and multiple = 0
),
act as (
    select exposed.unit, exposed.variant, events.at, events.type, events.element as field, events.x, events.y, events.value
    from exposed
    cross join sessions indexed by sessions_visitor
        on sessions.site_id = :site and sessions.visitor_id = exposed.unit and sessions.id >= exposed.session_id
    cross join events on events.site_id = :site and events.session_id = sessions.id
    where events.type in (5, 6) and events.at >= exposed.at
        and events.name = (select id from names where text = :form)
),
submitted as (
    select distinct unit from act where type = 5 and x = 3
),
met as (
    select unit, variant, field, min(at) as first_at, max(at) as last_at,
        max(coalesce(y, 0) & 1) as returned, max(value is null) as refused,
        sum(case when value is not null and x is not null then 1 else 0 end) as hesitations,
        sum(case when value is not null then coalesce(x, 0) else 0 end) as hesitation_ms
    from act
    where type = 6
    group by unit, variant, field
),
placed as (
    select *, row_number() over (partition by unit order by first_at, field) as place,
        row_number() over (partition by unit order by last_at desc, field) as from_the_end
    from met
)
select names.text as field, placed.variant, count(*) as reached,
    sum(placed.from_the_end = 1 and placed.unit not in (select unit from submitted)) as left_here,
    sum(placed.returned) as returned, sum(placed.refused) as refused,
    sum(placed.hesitations) as hesitations, sum(placed.hesitation_ms) as hesitation_ms, avg(placed.place) as place
from placed
join names on names.id = placed.field
group by names.text, placed.variant
order by field, variant
