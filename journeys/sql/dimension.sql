-- What a session has in one of its dimensions, for questions that tell sessions apart; those asked for most often stand first.
-- Takes  :dimension (collector/filters.py: DIMENSIONS; 0: none), and a row of `sessions` where it stands.
-- Gives  the id of a page or name, null for none.
case :dimension
    when 1 then source when 6 then channel when 7 then referrer when 8 then country when 10 then device
    when 13 then entry_page when 14 then exit_page when 2 then medium when 3 then campaign
    when 4 then content when 5 then term when 9 then language when 11 then browser when 12 then os
end
