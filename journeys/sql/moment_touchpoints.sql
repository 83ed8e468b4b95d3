-- Which touchpoints of a journey any session met, whether it ended there, and whether it reached a goal then or later.
-- Takes  :site, :start, :end, :every, :width (as sample.sql), :journey.
-- Gives  the columns of moment_met.sql.
/*journeys/span*/,
met as (
    select session_touchpoints.*
    from span
    cross join session_touchpoints
        on journey_id = :journey and session_id >= began << 22 and session_id < min(began + :width, :end) << 22
)
/*journeys/moment_met*/
