-- What sessions did, as far as a funnel asks for it, with the bits of the steps that each event meets.
-- Takes  :site, :any_goal, :journey; the steps `want` as in funnel.sql, and `looked` with the session_id of those to look at, where it stands.
-- Gives  all that `looked` has, number, at, type, page, what (the same for the same page or event), bits.
select looked.*, events.number, events.at, events.type, events.page,
       (events.type << 58) | (iif(events.type = 1, events.page, events.name) << 29)
           | case events.type when 5 then events.x when 6 then events.element when 9 then wanted.element is -3 else 0 end as what,
       coalesce(wanted.bits, 0) | coalesce(every.bits, 0) | iif(events.type in (1, 9) and events.y > 0,
           coalesce(wanted.goal_bits, 0) | coalesce(every.goal_bits, 0) | :any_goal, 0) as bits
from looked
cross join events on events.site_id = :site and events.session_id = looked.session_id
left join want as wanted on wanted.type = events.type and wanted.key = iif(events.type = 1, events.page, events.name)
    and wanted.element = case events.type when 5 then events.x when 6 then events.element
        when 9 then iif(:journey and events.name = 1 and events.value is not null, iif(
            exists (select 1 from session_moves
                    where journey_id = :journey and session_id = events.session_id and from_stage = 0 and bought = 1)
            or exists (select 1 from events as earlier
                       where earlier.site_id = :site and earlier.session_id = events.session_id and earlier.number < events.number
                           and earlier.type = 9 and earlier.name = 1 and earlier.value is not null), -3, -2), -1)
        else -1 end
left join want as every on every.type = events.type and every.key = iif(events.type = 1, events.page, events.name)
    and every.element = 0
where events.type in (1, 5, 6, 9) and not (events.type = 6 and events.value is null)
