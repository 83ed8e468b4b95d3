-- Experiments of a site that run, or will: its pages need the second script.
-- Takes  :site.
-- Gives  count.
select count(*) as count
from experiments
where site_id = :site and state in ('draft', 'running', 'paused')
