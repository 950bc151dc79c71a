#![doc = include_str!("../README.md")]

pub mod access;
pub mod audit;
pub mod environment;
pub mod error_code;
pub mod ids;
pub mod job;
pub mod limits;
pub mod names;
pub mod page;
pub mod planted;
pub mod platform_account;
pub mod ports;
pub mod secret;
pub mod software;
pub mod team;
pub mod turn;
pub mod wordpress;

pub use secret::SecretText;
