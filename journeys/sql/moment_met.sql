-- What sessions met of a journey: in columns as ways.py reads them, in any order. Ends a question, after a step met.
-- Takes  nothing.
-- Gives  session, touchpoint (its number), ended, converted (1 or 0), each with commas between them. All null where there are none.
select group_concat(session_id) as session, group_concat(touchpoint) as touchpoint, group_concat(moved & (16 | 32) > 0) as ended,
       group_concat(converted) as converted
from met
