-- What may have been trouble in the chosen sessions, as pain_happened.sql gives it.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  the columns of pain_happened.sql.
with session as (
    /*journeys/sample*/
),
event as (
    select events.*
    from session
    cross join events on events.site_id = :site and session_id = session.id
)
/*journeys/pain_happened*/
