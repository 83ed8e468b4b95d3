-- Sessions with the way they took and what they came to, for the detectors of pain points.
-- Takes  :site, :start, :end, :every, :width (only those that began within :width milliseconds after every :every from :start on).
-- Gives  session, visitor, device, channel (ids of names), trail, exit_page (its id), converted (1 or 0), revenue.
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
),
near as materialized ( -- first, or the list of a filter's sessions is gone through once for every span
    select id as begun
    from span cross join sessions
    where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
),
session as (
    select id, coalesce(lasting, visitor_id) as visitor, device, channel, trail, exit_page, conversions, revenue
    from near cross join sessions
    where site_id = :site and id = begun
    /*filters*/
)
select session.id as session, visitor, device, channel, trail, exit_page, conversions > 0 as converted, revenue
from session
order by session
