-- Touchpoints of a journey: the sessions that met each, what they did there and what came next; and what came of the stage
-- for those that entered it there.
-- Takes  :site, :first_day, :last_day, :journey.
-- Gives  stage, touchpoint (numbers), and sums of the columns of touchpoint_days.
select stage, touchpoint, sum(sessions) as sessions, sum(times) as times, sum(engaged_ms) as engaged_ms,
       sum(rage) as rage, sum(dead) as dead, sum(error_clicks) as error_clicks, sum(errors) as errors,
       sum(slow) as slow, sum(form_errors) as form_errors,
       sum(forward) as forward, sum(skips) as skips, sum(backs) as backs, sum(returns) as returns, sum(leaves) as leaves,
       sum(troubled) as troubled, sum(converted) as converted, sum(revenue) as revenue,
       sum(entered) as entered, sum(entered_forward) as entered_forward, sum(entered_skips) as entered_skips,
       sum(entered_backs) as entered_backs, sum(entered_returns) as entered_returns, sum(entered_leaves) as entered_leaves,
       sum(entered_troubled) as entered_troubled, sum(entered_converted) as entered_converted,
       sum(entered_revenue) as entered_revenue
from touchpoint_days
where journey_id = (select id from journeys where id = :journey and site_id = :site) and day between :first_day and :last_day
group by stage, touchpoint
order by stage, touchpoint
