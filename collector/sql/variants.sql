-- Variants of a site's experiments, drafts and archived ones too, that made last first.
-- Takes  :site.
-- Gives  variant, as filters name it: "short-checkout:short".
select experiments.key || ':' || (variant.value ->> 'key') as variant
from experiments
join json_each(definition, '$.variants') as variant
where site_id = :site
order by experiments.id desc, variant.key
