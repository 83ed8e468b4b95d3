-- Experiments of a site, or the one with a key, latest first.
-- Takes  :site, :key (null: all).
-- Gives  the columns of `experiments`.
select id, site_id, key, definition, state, version, created_at, started_at, stopped_at, decided_at, slots, decision, cap
from experiments
where site_id = :site and (:key is null or key = :key)
order by id desc
