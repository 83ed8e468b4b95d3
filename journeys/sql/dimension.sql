-- What a session has in one of its dimensions, for questions that tell sessions apart; those asked for most often stand first.
-- Takes  :dimension (collector/filters.py: DIMENSIONS; 16: the variant of an experiment that it was shown first; 0: none),
--        :experiment (its key), and a row of `sessions` where it stands.
-- Gives  the id of a page or name, null for none.
case :dimension
    when 1 then source when 6 then channel when 7 then referrer when 8 then country when 10 then device
    when 13 then entry_page when 14 then exit_page when 2 then medium when 3 then campaign
    when 4 then content when 5 then term when 9 then language when 11 then browser when 12 then os
    when 16 then (select label from events
                  where events.site_id = sessions.site_id and events.session_id = sessions.id and events.type = 12
                      and events.name = (select id from names where text = :experiment)
                  order by number
                  limit 1)
end
