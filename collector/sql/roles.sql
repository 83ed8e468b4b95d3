-- The sites of one user with the user's role in each.
-- Takes  :user.
-- Gives  site_id, role.
select site_id, role from members where user_id = :user order by site_id
