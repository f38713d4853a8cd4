-- Documents: the organisation's own texts, kept whole and cut into chunks that can be found by meaning.

create table org_documents (
    id            uuid        primary key,
    title         text        not null,
    mime_type     text        not null default 'text/plain',
    content       text        not null,      -- the whole text, so that it can be shown and cut again
    metadata      jsonb       not null default '{}',
    status        text        not null default 'PROCESSING',
    error         text        not null default '',   -- why processing failed, in words
    chunk_count   int         not null default 0,
    revision      int         not null default 1,
    created_by    uuid        not null,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),

    constraint org_documents_created_by_person foreign key (created_by) references people (user_id),
    constraint org_documents_title_length      check (length(title) between 1 and 255),
    constraint org_documents_metadata_object   check (jsonb_typeof(metadata) = 'object'),
    constraint org_documents_status            check (status in ('PROCESSING', 'READY', 'FAILED')),
    constraint org_documents_error             check (status = 'FAILED' or error = ''),
    constraint org_documents_chunk_count       check (chunk_count >= 0),
    constraint org_documents_revision          check (revision >= 1)
);

create index org_documents_created_by_idx on org_documents (created_by);

comment on table org_documents is 'Texts of the organisation that surrogates may draw on.';

grant select, insert, delete on org_documents to @tenant;
grant update (title, mime_type, content, metadata, status, error, chunk_count, revision, updated_at) on org_documents to @tenant;

create table document_chunks (
    id               uuid          primary key,
    document_id      uuid          not null,
    chunk_index      int           not null,   -- 0, 1, 2 ... within the document
    content          text          not null,
    metadata         jsonb         not null default '{}',
    embedding        halfvec(1536),            -- shorter models are padded with zeros, which leaves cosine unchanged
    embedding_model  text,                     -- vectors of different models are never compared
    created_at       timestamptz   not null default now(),

    constraint document_chunks_index_once      unique (document_id, chunk_index),

    constraint document_chunks_document        foreign key (document_id) references org_documents (id) on delete cascade,
    constraint document_chunks_index           check (chunk_index >= 0),
    constraint document_chunks_metadata_object check (jsonb_typeof(metadata) = 'object'),
    constraint document_chunks_embedding_model check ((embedding is null) = (embedding_model is null))
);

comment on table document_chunks is 'Pieces of documents with their vectors.';

grant select, insert, delete on document_chunks to @tenant;
grant update (metadata, embedding, embedding_model) on document_chunks to @tenant;
