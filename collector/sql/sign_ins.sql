-- Where one user is signed in, latest first.
-- Takes  :user, :created_after, :seen_after.
-- Gives  token_hash, user_id, created_at, seen_at, agent, csrf.
select token_hash, user_id, created_at, seen_at, agent, csrf
from sign_ins
where user_id = :user and created_at > :created_after and seen_at > :seen_after
order by seen_at desc, token_hash
