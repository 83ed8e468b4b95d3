-- Every experiment of a site, drafts too.
-- Takes  :site.
-- Gives  key.
select key
from experiments
where site_id = :site
order by key
