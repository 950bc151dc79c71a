DROP TABLE platform_sessions;
DROP TABLE platform_accounts;
