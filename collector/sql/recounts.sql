-- Experiments whose outcomes are to be counted anew, the first asked for first.
-- Gives  the columns of recounts.
select experiment_id, asked_at, after, units from recounts order by asked_at, experiment_id
