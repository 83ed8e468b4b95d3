-- Whether a contact is an order that the tracking did not see: by telephone, or of the shop's own system.
-- A real order without a number is none: nobody can tell whether it was tracked.
-- Takes  :site, and a row with kind and code_hash where it stands.
(kind = 'phone_order' or kind = 'order' and code_hash is not null)
and not exists (select 1 from orders where orders.site_id = :site and transaction_hash = code_hash)
