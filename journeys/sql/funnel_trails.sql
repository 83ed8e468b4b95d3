-- The trails of sessions, for a way of pages.
-- Takes  :site, :first_day, :last_day.
-- Gives  trails (with five slashes between them), sessions (how many have each; with commas between); null where there are none.
select group_concat(trail, '/////') as trails, group_concat(sessions) as sessions
from trails
where site_id = :site and day between :first_day and :last_day
