-- The password hash of one user.
-- Takes  :user.
-- Gives  password_hash.
select password_hash from users where id = :user
