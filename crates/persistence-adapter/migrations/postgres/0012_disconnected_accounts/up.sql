ALTER TABLE platform_accounts
    DROP CONSTRAINT platform_accounts_state_check,
    ADD CONSTRAINT platform_accounts_state_check
        CHECK (state IN ('connected', 'needs_reauthentication', 'disconnected')),
    -- Taken back means destroyed.
    ADD CONSTRAINT platform_accounts_disconnected_check CHECK (
        state <> 'disconnected'
        OR (octet_length(sealed_credential) = 0 AND sealed_confirmation IS NULL)
    );
