-- All pages of a site and what stands for them in a trail.
-- Takes  :site.
-- Gives  path, code, id.
select path, code, id
from pages
where site_id = :site
order by path
