//! Every mutation of the platform, its answer lost in every way: the job comes to rest as the class of
//! proof of its step says. Nothing happens twice in silence, nothing that happened is called a
//! failure, and a person is only called where nobody else can find out.

pub(crate) mod mutations;
pub(crate) mod site;

use crate::support::{App, Backend};
use mutations::ELSEWHERE;
use serde_json::Value;
use site::Site;
use std::collections::BTreeSet;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

/// How it is found out whether a call happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Named,
    DesiredState,
    Observable,
    Guarded,
    /// Never sent again: a person looks, unless the platform's tracking shows an end.
    Blind,
    /// Nothing tells either, but once more does no harm, and is not seen as a second time.
    HarmlessToRepeat,
    /// Nothing tells either, and the same value is set again.
    SameValueAgain,
}

/// One mutation of the platform and how a client brings it about.
pub(crate) struct Mutation {
    /// As the inventory of calls has it.
    endpoint: &'static str,
    class: Class,
    effect: Counted,
    /// What has to be done before, in this order.
    pub(crate) before: &'static [Wish],
    pub(crate) wish: Wish,
    /// Calls of the same method that the wish makes before the one that goes wrong.
    skip: u32,
    /// Whether it brings something about that lists may show late.
    is_listed: bool,
}

/// What counts as having happened.
#[derive(Debug, Clone, Copy)]
enum Counted {
    InLedger(Effect),
    /// The command of the site's own tool that changes its database.
    Replacements,
}

/// A request of a client about a site.
pub(crate) type Wish = fn(&Site) -> Request;

pub(crate) struct Request {
    pub(crate) method: http::Method,
    /// Below the team.
    pub(crate) path: String,
    pub(crate) body: Value,
}

/// How the answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// It happened.
    AfterEffect,
    /// It did not happen.
    BeforeEffect,
    /// It happened, and lists show it only later.
    AfterEffectSeenLate,
    /// It happened, and the platform's tracking tells nothing.
    AfterEffectUntold,
}

impl Loss {
    const ALL: [Self; 4] = [
        Self::AfterEffect,
        Self::BeforeEffect,
        Self::AfterEffectSeenLate,
        Self::AfterEffectUntold,
    ];

    /// Whether it makes a difference to the mutation.
    fn concerns(self, mutation: &Mutation) -> bool {
        match self {
            Self::AfterEffect | Self::BeforeEffect => true,
            Self::AfterEffectSeenLate => mutation.is_listed,
            Self::AfterEffectUntold => mutation.class == Class::Blind,
        }
    }

    /// What goes wrong with the call itself.
    fn faults(self) -> Vec<FaultKind> {
        match self {
            Self::AfterEffect | Self::AfterEffectUntold => vec![FaultKind::EffectThenDrop],
            Self::BeforeEffect => vec![FaultKind::DropBeforeEffect],
            Self::AfterEffectSeenLate => vec![
                FaultKind::VisibleAfter {
                    ms: SEEN_LATE_BY_MS,
                },
                FaultKind::EffectThenDrop,
            ],
        }
    }
}

/// Longer than several looks, shorter than an answer may take.
const SEEN_LATE_BY_MS: u64 = 1_000;

impl Mutation {
    fn method(&self) -> &'static str {
        self.endpoint.rsplit('/').next().expect("a method")
    }
}

/// What a cell of the table came to.
#[derive(Debug)]
struct Cell {
    loss: Loss,
    state: String,
    effects: usize,
    job: Value,
}

/// Every loss, each on a site of its own.
#[expect(
    clippy::print_stdout,
    reason = "the counts are asked for with --no-capture"
)]
async fn settles(mutation: Mutation, backend: Backend) {
    let app = App::start_in(backend, site::world(), 0.0).await;
    for (number, loss) in Loss::ALL.into_iter().enumerate() {
        if !loss.concerns(&mutation) {
            continue;
        }
        let site = Site::provision(&app, number).await;
        let cell = play(&app, &site, &mutation, loss).await;
        check(&app, &site, &mutation, &cell).await;
        let (endpoint, state, effects) = (mutation.endpoint, &cell.state, cell.effects);
        println!("{endpoint}, {loss:?}: {state}, happened {effects} times");
    }
}

async fn play(app: &App, site: &Site, mutation: &Mutation, loss: Loss) -> Cell {
    for wish in mutation.before {
        let job = site.rest(wish(site)).await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    }
    let before = count(app, mutation);
    let faults = loss.faults();
    for kind in &faults {
        let rule = FaultRule::once(mutation.method(), kind.clone()).skipping(mutation.skip);
        app.simulator.add_fault(rule);
    }
    if loss == Loss::AfterEffectUntold {
        let kind = FaultKind::ForcedResult {
            result: 99,
            error: "the tracking is out of order".to_owned(),
        };
        let rule = FaultRule::always("searchactions", kind);
        app.simulator.add_fault(rule);
    }
    let calls_before = app.simulator.journal().len();
    let job = site.rest((mutation.wish)(site)).await;
    app.simulator.clear_faults();
    let journal = app.simulator.journal();
    let hit: usize = journal[calls_before..]
        .iter()
        .filter(|entry| entry.method == mutation.method())
        .map(|entry| entry.faults.len())
        .sum();
    assert_eq!(hit, faults.len(), "{loss:?}: the fault was hit once\n{job}");
    Cell {
        loss,
        state: job["state"].as_str().expect("a state").to_owned(),
        effects: count(app, mutation) - before,
        job,
    }
}

fn count(app: &App, mutation: &Mutation) -> usize {
    match mutation.effect {
        Counted::InLedger(effect) => app
            .simulator
            .ledger()
            .iter()
            .filter(|entry| entry.effect == effect)
            .count(),
        Counted::Replacements => site::replacements(app),
    }
}

async fn check(app: &App, site: &Site, mutation: &Mutation, cell: &Cell) {
    let about = format!("{} {cell:?}", mutation.endpoint);
    let happened = cell.loss != Loss::BeforeEffect;
    let (state, effects) = match mutation.class {
        // The tracking shows how it ended; when nothing ever ran, it has nothing to show.
        Class::Blind if cell.loss == Loss::AfterEffectUntold => ("needs_attention", 1),
        Class::Blind if happened => ("succeeded", 1),
        Class::Blind => ("needs_attention", 0),
        Class::SameValueAgain if happened => ("succeeded", 2),
        Class::Named
        | Class::DesiredState
        | Class::Observable
        | Class::Guarded
        | Class::HarmlessToRepeat
        | Class::SameValueAgain => ("succeeded", 1),
    };
    let is_double = cell.effects > 1 && mutation.class != Class::SameValueAgain;
    let is_silent_double = is_double && cell.state != "needs_attention";
    assert!(!is_silent_double, "a silent double: {about}");
    let is_false_failure = cell.effects > 0 && ["failed", "cancelled"].contains(&&*cell.state);
    assert!(
        !is_false_failure,
        "a false failure: {about}\n{}",
        app.logs()
    );
    assert_eq!(cell.state, state, "{about}\n{}", app.logs());
    assert_eq!(cell.effects, effects, "{about}\n{}", app.logs());
    // What nobody knows is never silent: the environment is held for the job.
    let environment = cell.job["environment_id"].as_str().expect("an environment");
    let shown = site.environment(environment).await;
    let holder = match state {
        "needs_attention" => cell.job["id"].clone(),
        _ => Value::Null,
    };
    assert_eq!(shown["held_by_job_id"], holder, "{about}");
}

macro_rules! settlements {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::settles(super::mutations::$name(), crate::support::Backend::Embedded).await;
                }
            )+

            /// Every mutation that has a test.
            pub(super) fn tested() -> Vec<super::Mutation> {
                vec![$(super::mutations::$name()),+]
            }
        }
    };
}

macro_rules! representatives {
    ($($name:ident),+ $(,)?) => {
        mod on_postgres_and_redis {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let backend = crate::support::Backend::PostgresAndRedis;
                    super::settles(super::mutations::$name(), backend).await;
                }
            )+

            /// Every mutation that has a test.
            pub(super) fn tested() -> Vec<super::Mutation> {
                vec![$(super::mutations::$name()),+]
            }
        }
    };
}

settlements!(
    creating,
    naming,
    cloning,
    deleting,
    starting,
    stopping,
    putting_to_sleep,
    restarting_services,
    restarting_nodes,
    redeploying,
    renaming,
    setting_cloudlets,
    changing_layers,
    attaching_to_a_group,
    detaching_from_a_group,
    setting_the_only_group,
    installing_a_package,
    installing_mbadmin,
    installing_an_addon,
    uninstalling_an_addon,
    configuring_a_cache,
    flushing_a_cache,
    making_a_backup,
    bringing_a_backup_back,
    searching_and_replacing,
    running_a_script,
    binding_a_domain,
    unbinding_a_domain,
    adding_a_mount_point,
    removing_a_mount_point,
    adding_variables,
    replacing_variables,
    removing_variables,
    resetting_the_password_of_a_node,
    resetting_the_password_of_root,
);

// One of each class.
representatives!(
    creating,
    stopping,
    installing_an_addon,
    searching_and_replacing,
    running_a_script,
    flushing_a_cache,
    resetting_the_password_of_a_node,
);

/// The classes of the inventory, by endpoint, of every call that changes something.
fn inventory() -> BTreeSet<(String, String)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/virtuozzo-inventory.toml"
    );
    let text = std::fs::read_to_string(path).expect("the inventory");
    let table: toml::Table = text.parse().expect("TOML");
    let calls = table["call"].as_array().expect("calls").iter();
    let text = |call: &toml::Value, field: &str| call[field].as_str().expect("a text").to_owned();
    calls
        .filter(|call| call["mutates"].as_bool() == Some(true))
        .map(|call| (text(call, "endpoint"), text(call, "proof_class")))
        .collect()
}

#[test]
fn every_mutating_call_of_the_inventory_has_its_tests() {
    let tested: BTreeSet<_> = on_sqlite::tested()
        .iter()
        .map(|mutation| mutation.endpoint)
        .collect();
    for (endpoint, _) in inventory() {
        let is_elsewhere = ELSEWHERE.iter().any(|(known, _)| *known == endpoint);
        assert!(
            tested.contains(&*endpoint) || is_elsewhere,
            "`{endpoint}` changes something, and nobody loses its answer here"
        );
    }
}

#[test]
fn classes_are_those_of_the_inventory_and_one_of_each_runs_on_postgres() {
    let inventory = inventory();
    let mut classes = BTreeSet::new();
    for mutation in on_sqlite::tested() {
        let class = match mutation.class {
            Class::Named => "named",
            Class::DesiredState => "desired-state",
            Class::Observable => "observable",
            Class::Guarded => "guarded",
            Class::Blind | Class::HarmlessToRepeat | Class::SameValueAgain => "blind",
        };
        let row = (mutation.endpoint.to_owned(), class.to_owned());
        assert!(inventory.contains(&row), "{row:?} is not in the inventory");
        classes.insert(format!("{:?}", mutation.class));
    }
    let on_postgres = on_postgres_and_redis::tested();
    let represented: BTreeSet<_> = on_postgres
        .iter()
        .map(|mutation| format!("{:?}", mutation.class))
        .collect();
    assert_eq!(represented, classes);
}
