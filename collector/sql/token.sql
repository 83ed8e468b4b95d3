-- The token with a hash, unless it has expired.
-- Takes  :token_hash, :now.
-- Gives  id, site_id, name, scopes, created_at, expires_at, used_at.
select id, site_id, name, scopes, created_at, expires_at, used_at
from tokens
where token_hash = :token_hash and expires_at > :now
