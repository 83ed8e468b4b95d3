-- The ways of the chosen sessions from page group to page group, the same twice running once.
-- Takes  :site, :start, :end.
-- Gives  way (the groups' names in order, a line each; '(not set)' is a page in no group), sessions.
with recursive place (number) as (
    select 0
    union all
    select number + 1 from place where number < 59  -- as many as trail.py keeps
),
trail as (
    select trail, count(*) as sessions
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and trail <> ''
    /*filters*/
    group by trail
),
named as materialized (
    select code, iif(name = '', '(not set)', name) as name
    from grouped_pages
    join pages on pages.id = grouped_pages.page
    where grouped_pages.site_id = :site
),
seen as (
    select trail, sessions, number, name, name is lag(name) over (partition by trail order by number) as again
    from trail
    join place on number * 5 < length(trail)
    join named on code = substr(trail, number * 5 + 1, 5)
),
walked as (
    select sessions, group_concat(name, char(10) order by number) as way
    from seen
    where not again
    group by trail
)
select way, sum(sessions) as sessions
from walked
group by way
order by sessions desc, way
