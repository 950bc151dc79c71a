#![doc = include_str!("../README.md")]

mod local;
mod notice_board;
mod redis;
mod wake_signal;

pub use local::{LocalCoordination, LocalRateLimiter};
pub use redis::{
    RedisConfigurationError, RedisCoordination, RedisFailure, RedisOptions, RedisRateLimiter,
};
