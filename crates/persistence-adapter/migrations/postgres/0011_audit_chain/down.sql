ALTER TABLE audit_trails
    DROP COLUMN last_mac,
    DROP COLUMN last_key_id;
DROP INDEX audit_events_principal;
DROP INDEX audit_events_target;
DROP TRIGGER audit_events_append_only ON audit_events;
UPDATE audit_events SET outcome = 'failed' WHERE outcome = 'refused';
ALTER TABLE audit_events
    DROP COLUMN seal_mac,
    DROP COLUMN seal_key_id,
    DROP COLUMN detail,
    DROP COLUMN credential,
    DROP CONSTRAINT audit_events_outcome_check,
    ADD CONSTRAINT audit_events_outcome_check
        CHECK (outcome IN ('accepted', 'succeeded', 'failed'));
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_event();
