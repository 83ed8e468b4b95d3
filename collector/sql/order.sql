-- Whether a site's order was counted before.
-- Takes  :site, :transaction.
-- Gives  at.
select at from orders where site_id = :site and transaction_hash = :transaction
