//! The simulated platform as the endpoints see it: its world, its state, its clock and its books.
//!
//! It must not know HTTP.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::answer::Refusal;
use crate::clock::{SimulatorClock, whole_milliseconds};
use crate::faults::FaultBook;
use crate::holds::HoldBook;
use crate::journal::{Journal, Masking};
use crate::ledger::Ledger;
use crate::sandbox::Sandbox;
use crate::state::State;
use crate::world::World;

/// The code that stands for "unknown" wherever no source states one.
const UNKNOWN_ERROR: i64 = 99;

/// How much the simulator may make up.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Result codes that no source states are answered as 99; other made-up behaviour is left out
    /// where something else has a source.
    Faithful,
    /// They are answered as the world file's `[invented]` says.
    #[default]
    Convenient,
}

#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) world: World,
    pub(crate) clock: SimulatorClock,
    pub(crate) ledger: Ledger,
    pub(crate) journal: Journal,
    pub(crate) masking: Masking,
    pub(crate) faults: FaultBook,
    pub(crate) holds: HoldBook,
    pub(crate) sandbox: Sandbox,
    pub(crate) profile: Profile,
    time_scale: f64,
    state: Mutex<State>,
}

impl Platform {
    pub(crate) fn new(world: World, seed: u64, profile: Profile, time_scale: f64) -> Self {
        let clock = SimulatorClock::starting_now();
        let state = Mutex::new(State::new(&world, seed, clock.now_ms()));
        Self {
            world,
            clock,
            ledger: Ledger::default(),
            journal: Journal::default(),
            masking: Masking::default(),
            faults: FaultBook::new(seed),
            holds: HoldBook::default(),
            sandbox: Sandbox::default(),
            profile,
            time_scale,
            state,
        }
    }

    /// The state, for as long as the guard lives; never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When work that takes `duration_ms` before scaling will be over if it starts now.
    pub(crate) fn end_of_work_ms(&self, duration_ms: u64) -> u64 {
        let scaled = Duration::from_millis(duration_ms).mul_f64(self.time_scale);
        self.clock
            .now_ms()
            .saturating_add(whole_milliseconds(scaled))
    }

    /// A code that is made up, or 99 where nothing may be.
    pub(crate) fn invented(&self, code: i64) -> i64 {
        match self.profile {
            Profile::Faithful => UNKNOWN_ERROR,
            Profile::Convenient => code,
        }
    }

    /// Refuses with 99 what only convenience answers.
    pub(crate) fn only_for_convenience(&self) -> Result<(), Refusal> {
        match self.profile {
            Profile::Faithful => Err(Refusal::new(UNKNOWN_ERROR, "no source says what to answer")),
            Profile::Convenient => Ok(()),
        }
    }

    /// Ends every sign-in session; returns how many there were. Access tokens live on.
    pub(crate) fn expire_sessions(&self) -> usize {
        let mut state = self.state();
        let count = state.sessions.len();
        state.sessions.clear();
        count
    }
}
