-- Sites that were deleted while something was still counted for them.
-- Gives  site_id.
select site_id from hours group by site_id
except
select id from sites
order by site_id
