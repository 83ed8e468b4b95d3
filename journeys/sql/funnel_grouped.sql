-- Pages of a site in the groups that a step of a funnel stands for.
-- Takes  :site.
-- Gives  page.
select page
from grouped_pages
where site_id = :site
    /*filters*/
order by page
