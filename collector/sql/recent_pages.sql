-- The pages of a site that became known last.
-- Takes  :site.
-- Gives  path.
select path
from pages
where site_id = :site
order by id desc
limit 5000
