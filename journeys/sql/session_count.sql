-- How many sessions there were, and in how many a goal was reached.
-- Takes  :site, :first_day, :last_day.
-- Gives  sessions, conversions, purchases, revenue.
select coalesce(sum(sessions), 0) as sessions, coalesce(sum(conversions), 0) as conversions,
       coalesce(sum(purchases), 0) as purchases, coalesce(sum(revenue), 0) as revenue
from hours
where site_id = :site and day between :first_day and :last_day
