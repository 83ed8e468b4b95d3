-- Some sessions, those with most of something first, of equal ones the newest.
-- Takes  :site, :sessions (JSON: [[rank, id], …]).
-- Gives  the columns of session_lines.sql.
with chosen as materialized (
    select value ->> 1 as id, value ->> 0 as rank
    from json_each(:sessions)
)
/*journeys/session_lines*/
