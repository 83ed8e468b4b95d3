-- When the latest session of a site had its last event.
-- Takes  :site.
-- Gives  last_at.
select last_at from sessions where site_id = :site order by id desc limit 1
