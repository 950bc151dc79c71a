CREATE TABLE processes (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    role TEXT NOT NULL,
    is_coordinated INTEGER NOT NULL CHECK (is_coordinated IN (0, 1)),
    lease_until INTEGER NOT NULL
) STRICT;
