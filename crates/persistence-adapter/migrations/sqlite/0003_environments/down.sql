DROP TABLE installations;
DROP TABLE nodes;
DROP TABLE environments;
