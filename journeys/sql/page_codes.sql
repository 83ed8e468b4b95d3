-- All pages of a site and what stands for them in a trail.
-- Takes  :site.
-- Gives  path, code.
select path, code
from pages
where site_id = :site
order by path
