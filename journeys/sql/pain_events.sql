-- What may have been trouble in any session, as pain_happened.sql gives it. Events of the same minutes stand side by side,
-- so they are read in one go; looking up those of each session takes twice as long.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  the columns of pain_happened.sql.
/*journeys/span*/,
event as (
    select events.*
    from span
    cross join events on site_id = :site and session_id >= began << 22 and session_id < min(began + :width, :end) << 22
)
/*journeys/pain_happened*/
