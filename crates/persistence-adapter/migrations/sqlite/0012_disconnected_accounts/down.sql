ALTER TABLE platform_accounts ADD COLUMN new_state TEXT NOT NULL DEFAULT 'needs_reauthentication'
    CHECK (new_state IN ('connected', 'needs_reauthentication'));
UPDATE platform_accounts SET new_state =
    CASE state WHEN 'disconnected' THEN 'needs_reauthentication' ELSE state END;
ALTER TABLE platform_accounts DROP COLUMN state;
ALTER TABLE platform_accounts RENAME COLUMN new_state TO state;
