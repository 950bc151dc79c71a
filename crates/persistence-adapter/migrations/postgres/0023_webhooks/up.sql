-- Who is told what happens in a team. No event types means all of them.
CREATE TABLE webhooks (
    team_id uuid NOT NULL REFERENCES teams (id),
    id uuid NOT NULL,
    url text NOT NULL,
    description text,
    event_types text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'disabled', 'failing', 'gone')),
    sealed_secret bytea NOT NULL,
    previous_sealed_secret bytea,
    previous_until timestamptz,
    told_until bigint NOT NULL CHECK (told_until >= 0),
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (team_id, id),
    CHECK ((previous_sealed_secret IS NULL) = (previous_until IS NULL))
);

-- A message to a webhook, with all its attempts.
CREATE TABLE webhook_deliveries (
    team_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    id uuid NOT NULL,
    message_id text NOT NULL,
    event_type text NOT NULL,
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts integer NOT NULL CHECK (attempts >= 0),
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    last_attempt_at timestamptz,
    last_status integer,
    last_error text,
    ended_at timestamptz,
    PRIMARY KEY (team_id, webhook_id, id),
    FOREIGN KEY (team_id, webhook_id) REFERENCES webhooks (team_id, id) ON DELETE CASCADE,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
