-- Which touchpoints of a journey the chosen sessions met, whether they ended there, and whether they reached a goal then or later.
-- Takes  :site, :start, :end, :every, :width (as sample.sql), :journey.
-- Gives  the columns of moment_met.sql.
with session as (
    /*journeys/sample*/
),
met as (
    select session_touchpoints.*
    from session
    cross join session_touchpoints on journey_id = :journey and session_id = session.id
)
/*journeys/moment_met*/
