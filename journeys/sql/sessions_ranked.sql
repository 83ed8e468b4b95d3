-- Sessions the filters choose, those with most of something first, of equal ones the newest.
-- Takes  :site, :start, :end, :with (session_kind.sql), :column ('engaged', 'revenue' or 'trouble'),
--        :most and :before (rank and id of the session after which they begin), :limit.
-- Gives  the columns of session_lines.sql.
with chosen as materialized (
    select id, case :column when 'engaged' then engaged_ms when 'revenue' then revenue else rage + dead + error_clicks + errors end as rank
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22 and (rank, id) < (:most, :before) and /*journeys/session_kind*/
    /*filters*/
    order by rank desc, id desc
    limit :limit
)
/*journeys/session_lines*/
