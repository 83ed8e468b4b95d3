-- The shared link with a hash, the expired too.
-- Takes  :token_hash.
-- Gives  id, experiment_id, experiment, site, name, made_by, created_at, expires_at, used_at.
select experiment_links.id, experiment_id, experiments.key as experiment, sites.key as site, experiment_links.name, made_by,
    experiment_links.created_at, expires_at, used_at
from experiment_links
join experiments on experiments.id = experiment_id
join sites on sites.id = experiments.site_id
where token_hash = :token_hash
