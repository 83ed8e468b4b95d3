-- How many refused events of one site and day are kept.
-- Takes  :site, :start, :end (instants).
-- Gives  kept.
select count(*) as kept from rejected where site_id = :site and at >= :start and at < :end
