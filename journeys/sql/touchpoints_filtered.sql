-- Touchpoints of a journey as the chosen sessions met them; and what came of the stage for those that entered it there.
-- Takes  :site, :start, :end, :journey.
-- Gives  stage, touchpoint (numbers), and sums like those of touchpoint_days.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select stage, touchpoint, count(*) as sessions, sum(times) as times, sum(engaged_ms) as engaged_ms,
       sum(rage) as rage, sum(dead) as dead, sum(error_clicks) as error_clicks, sum(errors) as errors,
       sum(slow) as slow, sum(form_errors) as form_errors,
       sum(moved & 2 > 0) as forward, sum(moved & 4 > 0) as skips, sum(moved & 8 > 0) as backs,
       sum(moved & 16 > 0) as returns, sum(moved & 32 > 0) as leaves, sum(moved & 64 > 0) as troubled,
       sum(converted) as converted, sum(revenue) as revenue,
       sum(entered) as entered, sum(stage_moved & 2 > 0) as entered_forward, sum(stage_moved & 4 > 0) as entered_skips,
       sum(stage_moved & 8 > 0) as entered_backs, sum(stage_moved & 16 > 0) as entered_returns,
       sum(stage_moved & 32 > 0) as entered_leaves, sum(stage_moved & 64 > 0) as entered_troubled,
       sum(entered and converted) as entered_converted, sum(entered * revenue) as entered_revenue
from session
cross join session_touchpoints on journey_id = :journey and session_id = session.id
group by stage, touchpoint
order by stage, touchpoint
