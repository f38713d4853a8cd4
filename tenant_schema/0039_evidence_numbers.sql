-- A version counts the numbers that its evidence was given, as a proposal does, so that none is given twice.

alter table sops
    add column citations int not null default 0,   -- the highest number that evidence was given, also of what was removed
    add constraint sops_citations check (citations between 0 and 1000);
