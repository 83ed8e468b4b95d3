-- Ids of the sessions of first_sessions.sql.
-- Takes  :site, :start, :end, :least, :most.
-- Gives  ids (with commas between them, in any order; null for none).
with fresh as (
    /*journeys/first_sessions*/
)
select group_concat(id) as ids
from fresh
