-- Pages of a site in the groups that a step of a funnel stands for.
-- Takes  :site.
-- Gives  id, path.
select page as id, (select path from pages where id = page) as path
from grouped_pages
where site_id = :site
    /*filters*/
order by page
