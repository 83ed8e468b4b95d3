-- Real orders of each day beside the purchases that were tracked; days with neither are left out.
-- Takes  :site, :first_day, :last_day.
-- Gives  day, tracked, tracked_revenue, real, real_revenue, coded, matched: real ones with a code, and of those the tracked.
with tracked as (
    select day, sum(purchases) as tracked, sum(revenue) as tracked_revenue
    from hours
    where site_id = :site and day between :first_day and :last_day
    group by day
),
made as (
    select day, value, code_hash is not null as coded,
           exists (select 1 from orders where site_id = :site and transaction_hash = contacts.code_hash) as matched
    from contacts
    where site_id = :site and kind = 'order' and day between :first_day and :last_day
),
made_of_day as (
    select day, count(*) as real, coalesce(sum(value), 0) as real_revenue, sum(coded) as coded, sum(matched) as matched
    from made
    group by day
)
select day, coalesce(tracked, 0) as tracked, coalesce(tracked_revenue, 0) as tracked_revenue, coalesce(real, 0) as real,
       coalesce(real_revenue, 0) as real_revenue, coalesce(coded, 0) as coded, coalesce(matched, 0) as matched
from tracked
full join made_of_day using (day)
order by day
