#![doc = include_str!("../README.md")]

pub mod error_chain;
pub mod logs;
pub mod metrics_exporter;
pub mod names;
pub mod redact;
pub mod traces;
