-- How many new texts and pages a site brought on a day.
-- Takes  :site, :day.
-- Gives  names, pages.
select names, pages from growth where site_id = :site and day = :day
