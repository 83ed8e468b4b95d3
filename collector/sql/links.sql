-- Open one-time links of one purpose, oldest first.
-- Takes  :purpose, :now.
-- Gives  token_hash, detail, expires_at.
select token_hash, detail, expires_at
from links
where purpose = :purpose and expires_at > :now
order by expires_at, token_hash
