-- Sessions with the way they took and what they came to, for the detectors of pain points: in columns as ways.py reads them, in any order.
-- Takes  :site, :start, :end, :every, :width (as sample.sql).
-- Gives  session, visitor, like (its device and channel as one number), exit_page (its id), in_fields (1 when it was in
--        any field of a form, else 0), converted (the same of a goal), revenue, each with commas between them; trail, a gap between two. All null where there are none.
with session as (
    /*journeys/sample*/
)
select group_concat(id) as session, group_concat(coalesce(lasting, visitor_id)) as visitor, group_concat(device << 32 | channel) as "like",
       group_concat(exit_page) as exit_page, group_concat(fields > 0) as in_fields, group_concat(conversions > 0) as converted,
       group_concat(revenue) as revenue, group_concat(trail, '/////') as trail
from session
