-- What the chosen sessions of one day did, and whose they are.
-- Takes  :site, :first_day, :start, :end.
-- Gives  day, visitors (the id of each session's, with commas between; null without any), sessions, views, engaged_ms, bounces, clicks,
--        fields, conversions, purchases, revenue.
select :first_day as day, group_concat(visitor_id) as visitors, count(*) as sessions, sum(views) as views, sum(engaged_ms) as engaged_ms,
       sum(bounce) as bounces, sum(clicks) as clicks, sum(fields) as fields, sum(conversions) as conversions,
       sum(purchases) as purchases, sum(revenue) as revenue
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
/*filters*/
