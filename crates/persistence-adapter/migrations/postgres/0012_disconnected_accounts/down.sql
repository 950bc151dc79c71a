ALTER TABLE platform_accounts DROP CONSTRAINT platform_accounts_disconnected_check;
UPDATE platform_accounts SET state = 'needs_reauthentication' WHERE state = 'disconnected';
ALTER TABLE platform_accounts
    DROP CONSTRAINT platform_accounts_state_check,
    ADD CONSTRAINT platform_accounts_state_check
        CHECK (state IN ('connected', 'needs_reauthentication'));
