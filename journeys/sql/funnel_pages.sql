-- Pages of a site that a step of a funnel stands for.
-- Takes  :site.
-- Gives  id.
select id
from pages
where site_id = :site
    /*filters*/
order by id
