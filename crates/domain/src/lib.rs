#![doc = include_str!("../README.md")]

pub mod access;
pub mod api_token;
pub mod audit;
pub mod crash_point;
pub mod environment;
pub mod error_code;
pub mod finding;
pub mod ids;
pub mod job;
pub mod key_ring;
pub mod limits;
pub mod names;
pub mod page;
pub mod pause;
pub mod people;
pub mod planted;
pub mod platform_account;
pub mod ports;
pub mod sealed;
pub mod secret;
pub mod software;
pub mod team;
pub mod turn;
pub mod wordpress;

pub use secret::SecretText;
