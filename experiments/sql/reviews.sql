-- What reviewers said of an experiment, first to last.
-- Takes  :experiment.
-- Gives  at, who, kind, text, verdict, visitors.
select at, who, kind, text, verdict, visitors
from experiment_reviews
where experiment_id = :experiment
order by id
