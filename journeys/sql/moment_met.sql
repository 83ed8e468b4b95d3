-- What sessions met of a journey: in columns as ways.py reads them, in any order. Ends a question, after a step met.
-- Takes  nothing.
-- Gives  session, met (the touchpoint's number times 4, and 2 more when the session ended there, 1 more when it reached a goal then or later),
--        each with commas between them. All null where there are none.
select group_concat(session_id) as session, group_concat(4 * touchpoint + 2 * (moved & (16 | 32) > 0) + converted) as met
from met
