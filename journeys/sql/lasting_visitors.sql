-- How many of the visitors of some days can be known again on another day, and since when that is kept; of a share of them.
-- Takes  :site, :start, :end, :least, :most, :enough (so many are counted at most; -1: all).
-- Gives  visitors, since (UTC milliseconds, null: from the beginning).
with visitor as (
    select distinct lasting
    from sessions indexed by sessions_lasting
    where site_id = :site and lasting between :least and :most and id >= :start << 22 and id < :end << 22
    limit :enough
)
select (select count(*) from visitor) as visitors, (select lasting_since from sites where id = :site) as since
