#![doc = include_str!("../README.md")]

pub mod builders;
pub mod certificates;
pub mod clocks;
pub mod contracts;
mod environment;
pub mod ids;
pub mod logs;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod redis;
pub mod seals;
pub mod wait;
