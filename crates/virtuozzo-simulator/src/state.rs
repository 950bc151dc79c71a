//! Everything on the platform that changes while the simulator runs.
//!
//! It must not know HTTP, parameters or envelopes; it never waits.

use std::collections::{BTreeMap, HashMap};

mod action;
mod environment;
mod installation;
mod node_log;
mod seeding;
mod token;

pub(crate) use action::{Action, ActionKind};
pub(crate) use environment::{
    Environment, EnvironmentStatus, ExternalDomain, Mount, Node, NodeGroup,
};
pub(crate) use installation::{Installation, InstallationKind};
pub(crate) use node_log::{LogFile, NodeLog};
pub(crate) use token::{Token, TokenExpiry};

use crate::generator::Generator;
use crate::world::World;

/// The smallest node id; clients have been seen to rely on five digits.
const FIRST_NODE_ID: u64 = 10_001;

/// Ids of domains and tokens begin after it.
const FIRST_OBJECT_ID: u64 = 300;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) generator: Generator,
    /// Live sign-in sessions and whose they are.
    pub(crate) sessions: HashMap<String, u64>,
    /// By name: names are unique on the platform, not per account.
    pub(crate) environments: BTreeMap<String, Environment>,
    pub(crate) installations: Vec<Installation>,
    pub(crate) actions: Vec<Action>,
    pub(crate) tokens: Vec<Token>,
    /// When lists begin to show what a fault hides: by `appid` or unique name.
    pub(crate) hidden_until_ms: HashMap<String, u64>,
    /// The application that runs packages.
    pub(crate) scripting_appid: String,
    next_node_id: u64,
    last_object_id: u64,
    next_container_id: u64,
}

impl State {
    pub(crate) fn new(world: &World, seed: u64, now_ms: u64) -> Self {
        let mut generator = Generator::new(seed);
        let next_node_id = FIRST_NODE_ID + generator.below(50_000);
        let mut state = Self {
            generator,
            sessions: HashMap::new(),
            environments: BTreeMap::new(),
            installations: Vec::new(),
            actions: Vec::new(),
            tokens: Vec::new(),
            hidden_until_ms: HashMap::new(),
            // From a stream of its own: the first environment keeps the identifiers of its seed.
            scripting_appid: Generator::new(seed.rotate_left(32)).hex(32),
            next_node_id,
            last_object_id: FIRST_OBJECT_ID,
            next_container_id: next_node_id + 12_000,
        };
        seeding::place_tokens(&mut state, world);
        seeding::place_standing_environments(&mut state, world, now_ms);
        state
    }

    /// The environment, if it exists and belongs to `uid`.
    pub(crate) fn owned_environment(&self, uid: u64, name: &str) -> Option<&Environment> {
        self.environments
            .get(name)
            .filter(|environment| environment.uid == uid)
    }

    /// Whether lists show what has this `appid` or unique name.
    pub(crate) fn is_shown(&self, key: &str, now_ms: u64) -> bool {
        self.hidden_until_ms
            .get(key)
            .is_none_or(|shown_at_ms| *shown_at_ms <= now_ms)
    }

    /// Makes a session of the documented form and remembers it.
    pub(crate) fn open_session(&mut self, uid: u64) -> String {
        let session = format!("{uid:x}x{}", self.generator.hex(32));
        self.sessions.insert(session.clone(), uid);
        session
    }

    /// Id of a new domain or token.
    pub(crate) fn next_object_id(&mut self) -> u64 {
        self.last_object_id += 1;
        self.last_object_id
    }

    /// Node id and container id of a new node.
    pub(crate) fn next_node_ids(&mut self) -> (u64, u64) {
        self.next_node_id += 1 + self.generator.below(5);
        self.next_container_id += 1 + self.generator.below(5);
        (self.next_node_id, self.next_container_id)
    }
}
