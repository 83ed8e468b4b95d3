-- How the id that dimension.sql gives is written.
-- Takes  :dimension, and a row with that id as `value` where it stands.
-- Gives  a path or a name's text, null for none.
case
    when :dimension in (13, 14) then (select path from pages where id = value)
    else (select text from names where id = value)
end
