-- Pages whose addresses say that they are a cart or a checkout.
-- Takes  :site, :paths (globs as JSON, of addresses as carts.py spells them).
-- Gives  id.
select id
from pages
where site_id = :site and exists (
    select 1
    from json_each(:paths) as pattern
    where replace(rtrim(lower(pages.path), '/'), '_', '-') glob pattern.value)
order by id
