-- How many sessions the filters choose.
-- Takes  :site, :start, :end, :with ('all', 'trouble', 'order', 'form' or 'none').
-- Gives  sessions.
select count(*) as sessions
from sessions
where site_id = :site and id >= :start << 22 and id < :end << 22
    and case :with when 'trouble' then rage + dead + error_clicks + errors > 0
                   when 'order' then purchases > 0
                   when 'form' then fields > 0
                   when 'none' then rage + dead + error_clicks + errors + purchases + fields = 0
                   else 1
        end
/*filters*/
