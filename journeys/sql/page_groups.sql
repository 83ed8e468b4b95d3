-- The page group that each of some pages is in.
-- Takes  :site, :pages (a JSON array).
-- Gives  page, name ('' for none).
select page, name
from grouped_pages
where site_id = :site and page in (select value from json_each(:pages))
order by page
