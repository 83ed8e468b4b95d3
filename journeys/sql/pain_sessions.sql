-- Sessions with the way they took and what they came to, for the detectors of pain points.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  session, visitor, device, channel (ids of names), trail, exit_page (its id), converted (1 or 0), revenue.
with near as materialized ( -- first, or the list of a filter's sessions is gone through once for every span
    /*journeys/sample*/
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
