-- Who is told what happens in a team. No event types means all of them.
CREATE TABLE webhooks (
    team_id BLOB NOT NULL REFERENCES teams (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    url TEXT NOT NULL,
    description TEXT,
    event_types TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'failing', 'gone')),
    sealed_secret BLOB NOT NULL,
    previous_sealed_secret BLOB,
    previous_until INTEGER,
    told_until INTEGER NOT NULL CHECK (told_until >= 0),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (team_id, id),
    CHECK ((previous_sealed_secret IS NULL) = (previous_until IS NULL))
) STRICT, WITHOUT ROWID;

-- A message to a webhook, with all its attempts.
CREATE TABLE webhook_deliveries (
    team_id BLOB NOT NULL,
    webhook_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    message_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_attempt_at INTEGER,
    last_status INTEGER,
    last_error TEXT,
    ended_at INTEGER,
    PRIMARY KEY (team_id, webhook_id, id),
    FOREIGN KEY (team_id, webhook_id) REFERENCES webhooks (team_id, id) ON DELETE CASCADE,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
