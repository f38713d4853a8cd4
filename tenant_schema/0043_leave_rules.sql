-- What people decided about the groups of a signal ends when the signal goes home with its author: gate.move_signals removes it.

create policy cluster_constraints_functions on cluster_constraints to surrealm_owner using (true) with check (true);
