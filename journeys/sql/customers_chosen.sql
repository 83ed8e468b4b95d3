-- Of some customers those who can be known again and whose first session the filters choose. Those who came before it was kept
-- who can be known again are left out: their first session is not known.
-- Takes  :site, :end; the step `buyer` with customer where it stands.
-- Gives  customer.
select lasting as customer
from sessions
where site_id = :site and id < :end << 22 and id in (
    select (select min(id) from sessions indexed by sessions_lasting where site_id = :site and lasting = buyer.customer)
    from buyer
    where not exists (
        select 1
        from sites
        join sessions as before indexed by sessions_visitor on before.site_id = :site and before.visitor_id = buyer.customer
        where sites.id = :site and before.id < lasting_since << 22))
    /*filters*/
