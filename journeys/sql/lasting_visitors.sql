-- How many of the visitors of some days can be known again on another day, and since when that is kept.
-- Takes  :site, :start, :end.
-- Gives  visitors, since (UTC milliseconds, null: from the beginning).
with visitor as (
    select lasting
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting is not null and id >= :start << 22 and id < :end << 22
    group by lasting
)
select (select count(*) from visitor) as visitors, (select lasting_since from sites where id = :site) as since
