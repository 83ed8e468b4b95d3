-- Campaign links of a site, latest first.
-- Takes  :site, :number (of one, null for all).
-- Gives  id, at, who, address, source, medium, campaign, content, term.
select id, at, who, address, source, medium, campaign, content, term
from campaign_links
where site_id = :site and id = ifnull(:number, id)
order by id desc
