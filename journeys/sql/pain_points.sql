-- What a site took on to mend, the newest first.
-- Takes  :site, :point (id of one, null for all).
-- Gives  the columns of pain_points but site_id, notes (how many) before the version.
select id, key, kind, page, what, label, form, title, status, owner, released_on, experiment, created_at, created_by,
       (select count(*) from pain_notes where point_id = pain_points.id) as notes, version
from pain_points
where site_id = :site and (:point is null or id = :point)
order by created_at desc, id desc
