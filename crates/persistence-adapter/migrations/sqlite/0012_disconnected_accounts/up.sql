-- contract: nothing is taken away. A check cannot be changed here, and a table that others refer to
-- cannot be built anew without losing what refers to it, so the column is.
ALTER TABLE platform_accounts ADD COLUMN new_state TEXT NOT NULL DEFAULT 'needs_reauthentication'
    CHECK (new_state IN ('connected', 'needs_reauthentication', 'disconnected'))
    -- Taken back means destroyed.
    CHECK (
        new_state <> 'disconnected'
        OR (length(sealed_credential) = 0 AND sealed_confirmation IS NULL)
    );
UPDATE platform_accounts SET new_state = state;
ALTER TABLE platform_accounts DROP COLUMN state;
ALTER TABLE platform_accounts RENAME COLUMN new_state TO state;
