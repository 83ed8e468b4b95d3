-- How far a file of events is in.
-- Takes  :site, :digest.
-- Gives  messages, done.
select messages, done from history_files where site_id = :site and digest = :digest
