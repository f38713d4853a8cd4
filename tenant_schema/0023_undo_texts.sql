-- Undo brings back all texts of a draft, not its title alone; and a procedure whose only draft is discarded leaves nothing.

alter table graph_edits
    add column description text,             -- of the SOP after this edit; null for edits older than the column, and
    add column source      text;             -- for proposals, which have none

grant delete on sop_lines to @tenant;        -- of empty lines: the versions' foreign keys keep every other
