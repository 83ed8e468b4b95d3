-- Pages whose addresses say that they are a cart or a checkout.
-- Takes  :site, :paths (globs as JSON, of addresses as carts.py spells them).
-- Gives  id.
with pattern as materialized (
    select value as path
    from json_each(:paths)
),
page as materialized (
    select id, replace(rtrim(lower(path), '/'), '_', '-') as address
    from pages
    where site_id = :site
)
select id
from page
where exists (
    select 1
    from pattern
    where address glob pattern.path)
order by id
