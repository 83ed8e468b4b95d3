-- Visitors of each variant who began a form after their exposure.
-- Takes  :site, :experiment, :epoch, :first (the first unit to look at).
-- Gives  form, variant, visitors.
with exposed as (
    select unit, variant, at, session_id
    from exposures
    where experiment_id = :experiment and epoch = :epoch and unit >= :first and multiple = 0
)
select form.text as form, exposed.variant, count(distinct exposed.unit) as visitors
from exposed
cross join sessions indexed by sessions_visitor
    on sessions.site_id = :site and sessions.visitor_id = exposed.unit and sessions.id >= exposed.session_id
cross join events on events.site_id = :site and events.session_id = sessions.id
join names as form on form.id = events.name
where events.type = 6 and events.at >= exposed.at
group by form.text, exposed.variant
order by visitors desc, form, variant
