-- Which of some contacts are in already, and with which import they came.
-- Takes  :site, :fingerprints (JSON).
-- Gives  fingerprint, import_id.
select fingerprint, import_id
from contacts
where site_id = :site and fingerprint in (select value from json_each(:fingerprints))
order by fingerprint
