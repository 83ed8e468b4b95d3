-- Beginnings of the parts of a period that are read: within :width milliseconds after every :every of them from :start on. Begins a question.
-- Takes  :start, :end, :every.
-- Gives  began.
with recursive span as (
    select :start as began
    union all
    select began + :every from span where began + :every < :end
)
