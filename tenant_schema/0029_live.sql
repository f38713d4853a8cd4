-- Work in the background tells how far it is, so that pages show it as it happens. Where triggers do not fire, as on distributed tables,
-- the pages look again by themselves, only not at once.

create trigger cluster_runs_tell after update of state, done on cluster_runs
    for each row when ((old.state, old.done) is distinct from (new.state, new.done)) execute function gate.tell_change('cluster_run');

create trigger signal_imports_tell after update of state, done on signal_imports
    for each row when ((old.state, old.done) is distinct from (new.state, new.done)) execute function gate.tell_change('signal_import');

create trigger syntheses_tell after update of work on syntheses
    for each row when (old.work is distinct from new.work) execute function gate.tell_change('synthesis');
