-- One signing-in that still counts.
-- Takes  :token_hash, :created_after, :seen_after.
-- Gives  token_hash, user_id, created_at, seen_at, agent, csrf.
select token_hash, user_id, created_at, seen_at, agent, csrf
from sign_ins
where token_hash = :token_hash and created_at > :created_after and seen_at > :seen_after
