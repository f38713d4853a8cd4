-- Whose vectors a search by meaning compares. While another model's are made, in the background, searches go on with those that are
-- complete; when the last one is there, gate.settle_model turns to the new ones and removes the old.

create table search_model (
    model text not null,

    constraint search_model_pkey   primary key (model),
    constraint search_model_length check (length(model) between 1 and 100)
);

create unique index search_model_one on search_model ((true));

comment on table search_model is 'The model whose vectors are compared: one row, or none before the first vectors.';

grant select on search_model to @tenant;

create policy signal_embeddings_functions on signal_embeddings to surrealm_owner using (true) with check (true);

insert into search_model select model from signal_embeddings group by model order by count(*) desc limit 1;
