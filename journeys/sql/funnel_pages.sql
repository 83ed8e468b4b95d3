-- Pages of a site that a step of a funnel stands for.
-- Takes  :site.
-- Gives  id, path.
select id, path
from pages
where site_id = :site
    /*filters*/
order by id
