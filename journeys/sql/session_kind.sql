-- Whether a session is of a kind, for questions that list or count sessions.
-- Takes  :with ('all', 'trouble', 'order', 'form' or 'none'), and a row of `sessions` where it stands.
-- Gives  true or false.
case :with
    when 'trouble' then rage + dead + error_clicks + errors > 0
    when 'order' then purchases > 0
    when 'form' then fields > 0
    when 'none' then rage + dead + error_clicks + errors + purchases + fields = 0
    else 1
end
