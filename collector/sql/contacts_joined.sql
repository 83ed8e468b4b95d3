-- How many of some people were seen on the site, and how many of some codes.
-- Takes  :site, :people, :codes (JSON).
-- Gives  people, codes, tracked: codes of purchases that were counted.
select (select count(*) from json_each(:people) as person
        where exists (select 1 from sessions where site_id = :site and visitor_id = person.value)
           or exists (select 1 from sessions indexed by sessions_lasting where site_id = :site and lasting = person.value)) as people,
       (select count(*) from json_each(:codes) as code
        where exists (select 1 from session_codes where site_id = :site and code_hash = code.value)) as codes,
       (select count(*) from json_each(:codes) as code
        where exists (select 1 from orders where site_id = :site and transaction_hash = code.value)) as tracked
