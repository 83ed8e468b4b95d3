-- Sessions that began within :width milliseconds after every :every of them from :start on.
-- Takes  :site, :start, :end, :every, :width.
-- Gives  the columns of sessions.
/*journeys/span*/
select sessions.*
from span cross join sessions
where site_id = :site and id >= began << 22 and id < min(began + :width, :end) << 22
    and (true /*filters*/) is true  -- as one condition, or the list of a filter's sessions is gone through once for every span
