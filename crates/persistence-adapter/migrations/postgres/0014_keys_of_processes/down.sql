ALTER TABLE processes DROP COLUMN key_ids;
