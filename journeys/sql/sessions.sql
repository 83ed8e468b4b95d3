-- Sessions the filters choose, the newest first.
-- Takes  :site, :start, :end, :with (session_kind.sql), :before (sessions with a smaller id), :limit.
-- Gives  the columns of session_lines.sql.
with chosen as materialized (
    select id, 0 as rank
    from sessions
    where site_id = :site and id >= :start << 22 and id < min(:end << 22, :before) and /*journeys/session_kind*/
    /*filters*/
    order by id desc
    limit :limit
)
/*journeys/session_lines*/
