#![doc = include_str!("../README.md")]

mod access;
mod answer;
mod clock;
mod control_port;
mod dispatch;
mod endpoints;
mod environment_view;
mod faults;
mod generator;
mod holds;
mod http_server;
mod invented_behaviours;
mod journal;
mod ledger;
mod listener;
mod manifest;
mod operation;
mod parameters;
mod picture;
mod platform;
mod sandbox;
mod simulator;
mod state;
mod topology;
mod world;

pub use clock::SimulatorClock;
pub use faults::{FaultKind, FaultRule};
pub use invented_behaviours::{INVENTED_BEHAVIOURS, InventedBehaviour};
pub use journal::{Delivery, JournalEntry};
pub use ledger::{Effect, LedgerEntry, MutationInterval};
pub use picture::{EnvironmentPicture, NodePicture};
pub use platform::Profile;
pub use simulator::{Simulator, SimulatorOptions, StartError};
pub use world::{
    Account, Billing, Commands, HardNodeGroup, Invented, MarketplaceAction, MarketplaceApp,
    MarketplaceKind, PersonalAccessToken, Region, StandingEnvironment, StoredLog, StoredManifest,
    StoredScript, Timings, World, WorldError, WorldSecret,
};
