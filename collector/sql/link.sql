-- One one-time link that was not used and has not expired.
-- Takes  :token_hash, :purpose, :now.
-- Gives  purpose, detail, expires_at.
select purpose, detail, expires_at
from links
where token_hash = :token_hash and purpose = :purpose and expires_at > :now
