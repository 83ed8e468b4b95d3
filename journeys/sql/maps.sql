-- Maps of a site, the oldest first.
-- Takes  :site.
-- Gives  id, site_id, key, name, journey, segment, kind, base (a key, or ''), created_at, looked_at, version.
select map.id, map.site_id, map.key, map.name, map.journey, map.segment, map.kind, ifnull(base.key, '') as base,
    map.created_at, map.looked_at, map.version
from maps as map
left join maps as base on base.id = map.base_id
where map.site_id = :site
order by map.id
