-- How the id that dimension.sql gives is written.
-- Takes  :dimension and :experiment as there, and a row with that id as `value` where it stands.
-- Gives  a path or a name's text, that of a variant after the experiment's key; null for none.
case
    when :dimension in (13, 14) then (select path from pages where id = value)
    when :dimension = 16 then (select :experiment || ':' || text from names where id = value)
    else (select text from names where id = value)
end
