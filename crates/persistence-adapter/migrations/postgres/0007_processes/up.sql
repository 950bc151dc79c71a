CREATE TABLE processes (
    id uuid PRIMARY KEY,
    role text NOT NULL,
    is_coordinated boolean NOT NULL,
    lease_until timestamptz NOT NULL
);
