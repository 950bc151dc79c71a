-- What the request demanded. Null, of jobs that are older, means no permission.
ALTER TABLE jobs ADD COLUMN required_permissions text;
