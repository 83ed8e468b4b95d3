-- The latest entries of the audit log, latest first.
-- Takes  :limit.
-- Gives  at, email, action, detail.
select at, coalesce(email, '') as email, action, detail
from audit left join users on users.id = audit.user_id
order by audit.id desc
limit :limit
