ALTER TABLE jobs DROP COLUMN required_permissions;
