DROP TABLE login_throttles;
DROP TABLE user_sessions;
DROP TABLE email_links;
DROP TABLE recovery_codes;
DROP TABLE user_keys;
DROP TABLE users;
