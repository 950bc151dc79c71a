#![doc = include_str!("../README.md")]

mod event;
mod guards;
mod model;
mod rules;
mod search;
#[cfg(test)]
mod tests;

pub use guards::{Guard, Guards};
pub use model::{Bounds, Model};
pub use search::{Found, Story, search};
