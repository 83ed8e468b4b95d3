-- How far along a way a line of characters comes: the number of the last of ten globs it fits, each with all before it; 0 for none.
-- Takes  :first to :tenth (null where there is none), and a row with `characters` where it stands.
-- Gives  the number.
case
    when characters glob :first is not 1 then 0 when characters glob :second is not 1 then 1 when characters glob :third is not 1 then 2
    when characters glob :fourth is not 1 then 3 when characters glob :fifth is not 1 then 4 when characters glob :sixth is not 1 then 5
    when characters glob :seventh is not 1 then 6 when characters glob :eighth is not 1 then 7 when characters glob :ninth is not 1 then 8
    when characters glob :tenth is not 1 then 9
    else 10
end
