//! The configured platforms and their connections, shared by signing in and by everything else.

use crate::configuration::{ConfigurationError, PlatformConfiguration};
use crate::transport::Transport;
use domain::names::PlatformName;
use domain::ports::Clock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every configured platform. Built once; [`crate::VirtuozzoSignIn`] and
/// [`crate::VirtuozzoPlatforms`] share it, and with it connections, limits and breakers.
pub struct PlatformDirectory {
    platforms: BTreeMap<PlatformName, Transport>,
}

impl PlatformDirectory {
    /// Checks the configuration and prepares the clients. Connects to nothing yet.
    pub fn new(
        platforms: Vec<PlatformConfiguration>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<Self>, ConfigurationError> {
        let mut known = BTreeMap::new();
        for platform in platforms {
            let name = platform.name.clone();
            if known.contains_key(&name) {
                return Err(platform.wrong("name", "must be unique among the platforms"));
            }
            known.insert(name, Transport::new(platform, Arc::clone(clock))?);
        }
        Ok(Arc::new(Self { platforms: known }))
    }

    pub(crate) fn find(&self, name: &PlatformName) -> Option<&Transport> {
        self.platforms.get(name)
    }
}
