//! The simulator over real HTTP, as any client meets it.
//!
//! The modules are marked `cfg(test)` so that lints know their helpers to be tests, too.

#[cfg(test)]
mod account_calls;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod client;
#[cfg(test)]
mod clone_and_restart;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod control_port;
#[cfg(test)]
mod creation;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod faults_of_answers;
#[cfg(test)]
mod faults_of_connections;
#[cfg(test)]
mod invented;
#[cfg(test)]
mod life_cycle;
#[cfg(test)]
mod marketplace;
#[cfg(test)]
mod node_logs;
#[cfg(test)]
mod packages;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod scripting;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod tokens;
