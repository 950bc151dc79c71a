-- The ids of the keys that the process holds, separated by spaces.
ALTER TABLE processes ADD COLUMN key_ids TEXT NOT NULL DEFAULT '';
