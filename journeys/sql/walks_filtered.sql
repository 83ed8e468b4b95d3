-- What the chosen sessions met and how they moved, for met_columns.py to add up: their ids, and the walks of all sessions of their days.
-- Takes  :site, :start, :end, :first_day, :last_day, :journey.
-- Gives  chosen (ids with commas between, null for none), sessions (how many), and for each day the columns of walk_columns and of
--        walk_ends, null when no day has them.
with session as (
    select id
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
    /*filters*/
),
choice as materialized (
    select group_concat(id) as chosen, count(*) as sessions from session
)
select chosen, sessions, walk_columns.*, ends
from choice
left join walk_columns on walk_columns.journey_id = :journey and walk_columns.day between :first_day and :last_day
left join walk_ends on walk_ends.journey_id = walk_columns.journey_id and walk_ends.day = walk_columns.day
order by walk_columns.day
