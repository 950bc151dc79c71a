//! A running simulator: starting it, looking into it, bending it, stopping it.
//!
//! It must not know single methods of the platform.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::clock::SimulatorClock;
use crate::control_port;
use crate::faults::FaultRule;
use crate::http_server::PlatformService;
use crate::journal::JournalEntry;
use crate::ledger::{LedgerEntry, MutationInterval};
use crate::listener::{self, Running};
use crate::picture::{self, EnvironmentPicture};
use crate::platform::{Platform, Profile};
use crate::world::World;

/// How to start a simulator.
#[derive(Clone, Debug)]
pub struct SimulatorOptions {
    pub world: World,
    /// Seed of every made-up identifier: equal seeds and equal calls give equal identifiers.
    pub seed: u64,
    /// Address of the platform's listener; port 0 picks a free one.
    pub listen: String,
    /// Address of the control port; absent means none.
    pub control_listen: Option<String>,
    pub profile: Profile,
    /// Factor on every duration of the world's `timings`; 0 makes work take no time.
    pub time_scale: f64,
}

impl Default for SimulatorOptions {
    /// The example world on free loopback ports, in real time.
    fn default() -> Self {
        Self {
            world: World::example(),
            seed: 42,
            listen: "127.0.0.1:0".to_owned(),
            control_listen: Some("127.0.0.1:0".to_owned()),
            profile: Profile::default(),
            time_scale: 1.0,
        }
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("time_scale {0} is not a number from 0 to 1000000")]
    TimeScale(f64),
    #[error("cannot listen on {address}")]
    Listen {
        address: String,
        source: std::io::Error,
    },
}

/// A simulated platform that is listening. Dropping it stops it; so does [`Simulator::stop`],
/// which also waits.
#[derive(Debug)]
pub struct Simulator {
    platform: Arc<Platform>,
    address: SocketAddr,
    control_address: Option<SocketAddr>,
    running: Running,
    _stop_on_drop: DropGuard,
}

impl Simulator {
    /// Starts listening; returns when connections are accepted.
    pub async fn start(options: SimulatorOptions) -> Result<Self, StartError> {
        if !(0.0..=1_000_000.0).contains(&options.time_scale) {
            return Err(StartError::TimeScale(options.time_scale));
        }
        let SimulatorOptions {
            world,
            seed,
            listen,
            control_listen,
            profile,
            time_scale,
        } = options;
        let platform = Arc::new(Platform::new(world, seed, profile, time_scale));
        let running = Running {
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let stop_on_drop = running.stop.clone().drop_guard();

        let service = PlatformService {
            platform: platform.clone(),
            tasks: running.tasks.clone(),
            stop: running.stop.clone(),
        };
        let answer = move |request| service.clone().answer(request);
        let address = listener::serve(&listen, running.clone(), answer)
            .await
            .map_err(|source| StartError::Listen {
                address: listen,
                source,
            })?;

        let mut control_address = None;
        if let Some(listen) = control_listen {
            let controlled = platform.clone();
            let answer = move |request| control_port::answer(controlled.clone(), request);
            let bound = listener::serve(&listen, running.clone(), answer)
                .await
                .map_err(|source| StartError::Listen {
                    address: listen,
                    source,
                })?;
            control_address = Some(bound);
        }
        Ok(Self {
            platform,
            address,
            control_address,
            running,
            _stop_on_drop: stop_on_drop,
        })
    }

    /// Where clients find the platform: `http://127.0.0.1:PORT`, without a path.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the control port is, if there is one.
    pub fn control_url(&self) -> Option<String> {
        self.control_address
            .map(|address| format!("http://{address}"))
    }

    /// Effects that were really applied, in order.
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.platform.ledger.effects()
    }

    /// When each mutating call was executing, in the order in which they began.
    pub fn mutations(&self) -> Vec<MutationInterval> {
        self.platform.ledger.mutations()
    }

    /// Every call received, in order, secrets masked.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.platform.journal.entries_so_far()
    }

    /// Adds a rule; rules add up.
    pub fn add_fault(&self, rule: FaultRule) {
        self.platform.faults.add(rule);
    }

    /// Removes every rule. Calls that are already held stay held.
    pub fn clear_faults(&self) {
        self.platform.faults.clear();
    }

    /// Lets the calls go that wait at this hold now; returns how many.
    pub fn release(&self, name: &str) -> usize {
        self.platform.holds.release(name)
    }

    /// The holds at which a call waits now.
    pub fn holds(&self) -> Vec<String> {
        self.platform.holds.names()
    }

    /// Returns once a call waits at this hold; it has no time limit of its own.
    pub async fn until_held(&self, name: &str) {
        self.platform.holds.until_held(name).await;
    }

    /// The keys of the sign-in sessions that are alive, in no order.
    pub fn session_keys(&self) -> Vec<String> {
        self.platform.state().sessions.keys().cloned().collect()
    }

    /// Ends every sign-in session; returns how many there were. Access tokens live on.
    pub fn expire_sessions(&self) -> usize {
        self.platform.expire_sessions()
    }

    /// The password of a node, which no call shows again.
    pub fn node_password(&self, node_id: u64) -> Option<String> {
        let state = self.platform.state();
        let mut environments = state.environments.values();
        let nodes = environments.find_map(|environment| {
            let mut nodes = environment.nodes.iter();
            nodes.find(|node| node.id == node_id)
        });
        nodes.map(|node| node.password.clone())
    }

    /// What every environment is like, by name, without the identifiers of the platform.
    pub fn pictures(&self) -> BTreeMap<String, EnvironmentPicture> {
        picture::pictures(&self.platform.state())
    }

    /// Where the commands of a node run; absent until the first one did.
    pub fn node_folder(&self, node_id: u64) -> Option<PathBuf> {
        self.platform.sandbox.node_folder(node_id)
    }

    /// The folders of all nodes in which something has run.
    pub fn node_folders(&self) -> Vec<PathBuf> {
        self.platform.sandbox.node_folders()
    }

    /// Arguments of every call of `wp` on a node, in order.
    pub fn wp_calls(&self, node_id: u64) -> Vec<Vec<String>> {
        self.platform.sandbox.wp_calls(node_id)
    }

    /// The clock by which work takes time.
    pub fn clock(&self) -> SimulatorClock {
        self.platform.clock.clone()
    }

    /// Closes every connection, abandons work that is still going on, and waits for all of it.
    pub async fn stop(self) {
        self.running.stop.cancel();
        self.running.tasks.close();
        self.running.tasks.wait().await;
    }
}
