-- What the chosen sessions did, and of these those whose visitor can be known again.
-- Takes  :site, :start, :end.
-- Gives  sessions, conversions, purchases, revenue, and of those known again the same and squares (of each session's revenue).
with session as (
    select lasting, conversions, purchases, revenue
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
)
select count(*) as sessions, coalesce(sum(conversions), 0) as conversions, coalesce(sum(purchases), 0) as purchases,
       coalesce(sum(revenue), 0) as revenue, count(lasting) as known_sessions,
       coalesce(sum(conversions) filter (where lasting is not null), 0) as known_conversions,
       coalesce(sum(purchases) filter (where lasting is not null), 0) as known_purchases,
       coalesce(sum(revenue) filter (where lasting is not null), 0) as known_revenue,
       coalesce(sum(1.0 * revenue * revenue) filter (where lasting is not null and revenue <> 0), 0.0) as known_squares
from session
