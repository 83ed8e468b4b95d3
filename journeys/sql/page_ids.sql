-- All pages of a site; what stands for them in a trail follows from their ids (collector/trail.py).
-- Takes  :site.
-- Gives  path, id.
select path, id
from pages
where site_id = :site
order by path
