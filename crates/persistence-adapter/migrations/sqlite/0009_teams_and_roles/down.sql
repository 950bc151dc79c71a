DROP TABLE ownership_offers;
DROP TABLE team_deletions;
DROP TABLE invitations;
DROP TABLE memberships;
DROP TABLE roles;
ALTER TABLE team_keys DROP COLUMN master_key_id;
ALTER TABLE teams DROP COLUMN version;
ALTER TABLE teams DROP COLUMN deleted_at;
ALTER TABLE teams DROP COLUMN suspended_at;
