#![doc = include_str!("../README.md")]

mod calls;
pub mod codes;
mod configuration;
mod directory;
mod endpoint;
mod envelope;
mod form;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod guarded_command;
mod hosting;
mod map;
mod outcome;
mod probe;
mod sign_in;
mod transport;
mod wire;

pub use configuration::{
    ActionMapping, AddonMapping, AnswerRate, AnswerTimeouts, BackupMapping, BreakerSettings,
    ConcurrencyLimits, ConfigurationError, MbadminMapping, PlatformConfiguration, RestoreMapping,
    ServiceUrls,
};
pub use directory::PlatformDirectory;
pub use endpoint::Endpoint;
pub use hosting::VirtuozzoPlatforms;
pub use probe::{PlatformProbe, ProbeFailure};
pub use sign_in::VirtuozzoSignIn;
