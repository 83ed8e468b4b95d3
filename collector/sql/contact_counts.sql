-- Contacts outside the page on some days, by kind, and how many are by somebody whose sessions are known.
-- Takes  :site, :first_day, :last_day, :kinds (JSON).
-- Gives  kind, contacts, joined, value.
with contact as (
    select kind, value, person, code_hash
    from contacts
    where site_id = :site and kind in (select value from json_each(:kinds)) and day between :first_day and :last_day
),
seen as (
    select kind, value,
           exists (select 1 from sessions where site_id = :site and visitor_id = contact.person)
           or exists (select 1 from sessions indexed by sessions_lasting where site_id = :site and lasting = contact.person)
           or exists (select 1 from session_codes where site_id = :site and code_hash = contact.code_hash) as joined
    from contact
)
select kind, count(*) as contacts, sum(joined) as joined, coalesce(sum(value), 0) as value
from seen
group by kind
order by contacts desc, kind
