-- Owners and admins stop work in the background by a function of the gate, which marks what waited for it.

create policy cluster_runs_functions on cluster_runs to surrealm_owner using (true) with check (true);
create policy signal_imports_functions on signal_imports to surrealm_owner using (true) with check (true);
