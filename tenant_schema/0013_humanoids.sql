-- Humanoid devices: the bodies, screens and voices through which surrogates act.
--
-- A stop is a latch: while one is set the device cannot be online, whoever asks, until it is released on purpose.

create table humanoid_devices (
    id                 uuid        primary key,
    name               text        not null,
    modality           text        not null default 'CHAT',
    capabilities       text[]      not null default '{}',
    hard_stop_config   jsonb       not null default '{}',   -- which stops exist, heartbeat limits, who may operate it
    metadata           jsonb       not null default '{}',
    status             text        not null default 'OFFLINE',
    stop_level         text,                      -- the stop that is latched; null when none is
    stop_reason        text        not null default '',
    stopped_by         uuid,
    stopped_at         timestamptz,
    error_count        int         not null default 0,
    uptime_seconds     bigint      not null default 0,
    revision           int         not null default 1,
    last_heartbeat_at  timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint humanoid_devices_name_once            unique (name),

    constraint humanoid_devices_stopped_by_person    foreign key (stopped_by) references people (user_id),
    constraint humanoid_devices_name_length          check (length(name) between 1 and 200),
    constraint humanoid_devices_modality             check (modality in (
        'CHAT', 'VOICE', 'AVATAR', 'AR_OVERLAY', 'EXOSUIT', 'COLLABORATIVE_ROBOT', 'SEMI_AUTONOMOUS', 'FULLY_AUTONOMOUS')),
    constraint humanoid_devices_hard_stop_object     check (jsonb_typeof(hard_stop_config) = 'object'),
    constraint humanoid_devices_metadata_object      check (jsonb_typeof(metadata) = 'object'),
    constraint humanoid_devices_status               check (status in ('ONLINE', 'OFFLINE', 'MAINTENANCE', 'ERROR')),
    constraint humanoid_devices_stop_level           check (stop_level in ('SOFT_PAUSE', 'FULL_STOP', 'EMERGENCY_KILL')),
    constraint humanoid_devices_stop_latched         check (stop_level is null or status <> 'ONLINE'),
    constraint humanoid_devices_stopped              check ((stop_level is null) = (stopped_by is null)
                                                            and (stop_level is null) = (stopped_at is null)),
    constraint humanoid_devices_error_count          check (error_count >= 0),
    constraint humanoid_devices_uptime_seconds       check (uptime_seconds >= 0),
    constraint humanoid_devices_revision             check (revision >= 1)
);

create index humanoid_devices_stopped_by_idx on humanoid_devices (stopped_by);

comment on table humanoid_devices is 'Devices that embody surrogates, with their latched stops.';

grant select, insert, delete on humanoid_devices to @tenant;
grant update (
    name, modality, capabilities, hard_stop_config, metadata, status, stop_level, stop_reason, stopped_by, stopped_at, error_count,
    uptime_seconds, revision, last_heartbeat_at, updated_at
) on humanoid_devices to @tenant;
