-- Custom events of sessions, for a way of them alone, and a dimension of their sessions.
-- Takes  :site, :start, :end, :names (JSON of those that the way asks for), :goals (JSON of those that must have reached a goal),
--        :dimension and :experiment (dimension.sql), :narrowed (1: there are filters).
-- Gives  session, number, name, value (the id, -1 for none), each with commas between them; null where there are none.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select group_concat(session_id) as session, group_concat(number) as number, group_concat(name) as name,
       group_concat(case when :dimension then coalesce((
           select /*journeys/dimension*/
           from sessions
           where site_id = :site and id = session_id), -1) end) as value
from events indexed by events_custom
where type = 9 and site_id = :site and session_id >= :start << 22 and session_id < :end << 22
    and name in (select value from json_each(:names))
    and (not :narrowed or session_id in (select id from session))
    and (:goals = '[]' or name not in (select value from json_each(:goals)) or (
        select y from events as whole
        where site_id = :site and whole.session_id = events.session_id and whole.number = events.number) > 0)
