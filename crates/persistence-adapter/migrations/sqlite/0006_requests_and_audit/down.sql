DROP TABLE audit_events;
DROP TABLE audit_trails;
DROP TABLE idempotency_records;
