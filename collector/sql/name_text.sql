-- The text of a name.
-- Takes  :name.
-- Gives  text.
select text from names where id = :name
