-- Journeys whose past is to be done without rests.
-- Gives  journey_id.
select journey_id from walk_wishes order by asked_at, journey_id
