DROP TABLE audit_events;
DROP FUNCTION refuse_change_of_audit_event;
DROP TABLE audit_trails;
DROP TABLE idempotency_records;
