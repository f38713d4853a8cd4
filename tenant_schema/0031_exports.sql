-- An export of the whole organisation reads every row, by a policy of the owner that holds in that transaction alone.
-- Tables of later migrations get theirs when those are applied.

select gate.open_to_exports('@tenant');
