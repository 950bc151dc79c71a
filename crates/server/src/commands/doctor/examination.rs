//! Looking at one thing after the other. What cannot be looked at because something before it failed is left out.

use super::report::Check;
use crate::configuration::Configuration;
use crate::service::{ReadableStore, open_to_read};
use crate::system::SystemClock;
use coordination_adapter::{RedisCoordination, RedisOptions};
use custody_adapter::LiveKeyRing;
use domain::job::JobState;
use domain::page::PageRequest;
use domain::platform_account::PlatformAccountState;
use domain::ports::{Clock, StoreError};
use jiff::SignedDuration;
use persistence_adapter::SchemaState;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use virtuozzo_adapter::PlatformDirectory;

/// No answer after that is none.
const PATIENCE: Duration = Duration::from_secs(5);
/// Clocks may differ by so much before tokens and leases are worth a thought.
const SKEW_MAX: SignedDuration = SignedDuration::from_secs(5);
/// A job that could run and has been due for so long is stuck.
const DUE_FOR_MAX: Duration = Duration::from_mins(1);
const TEAMS_ON_A_PAGE: u32 = 200;

/// Everything that Windlass needs, in the order in which one hangs on the other.
pub(in crate::commands) async fn examine(configuration: &Configuration) -> Vec<Check> {
    let mut checks = vec![data_folder(configuration), key_ring(configuration)];
    let opened = tokio::time::timeout(PATIENCE, open_to_read(configuration)).await;
    match opened {
        Ok(Ok(store)) => checks.extend(examine_store(&store).await),
        Ok(Err(error)) => {
            let advice = "docs/runbooks/store-down.md; with the embedded database, `windlass serve` makes it";
            checks.push(Check::failed(
                "store",
                ErrorChain(&error).to_string(),
                advice,
            ));
        }
        Err(_) => checks.push(no_answer("store", "docs/runbooks/store-down.md")),
    }
    checks.extend(redis(configuration).await);
    checks.extend(platforms(configuration).await);
    checks
}

fn no_answer(name: &str, advice: &str) -> Check {
    let detail = format!("no answer within {} s", PATIENCE.as_secs());
    Check::failed(name, detail, advice)
}

fn data_folder(configuration: &Configuration) -> Check {
    let path = &configuration.data_dir;
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) => Check::failed(
            "data_dir",
            format!("{shown} cannot be used: {error}"),
            "`windlass serve` makes it; else look at `data_dir` and who owns the folder above",
        ),
        Ok(found) if found.mode() & 0o077 != 0 => Check::warning(
            "data_dir",
            format!(
                "{shown} is open to others (mode {:04o})",
                found.mode() & 0o7777
            ),
            format!("chmod 700 {shown}"),
        ),
        Ok(_) => Check::good("data_dir", shown.to_string()),
    }
}

fn key_ring(configuration: &Configuration) -> Check {
    match LiveKeyRing::open(&configuration.key_ring) {
        Ok(ring) => {
            let keys = ring.published_key_ids().len();
            Check::good("key_ring", format!("{keys} keys"))
        }
        Err(error) => Check::failed(
            "key_ring",
            ErrorChain(&error).to_string(),
            "docs/runbooks/key-rotation.md",
        ),
    }
}

async fn examine_store(store: &ReadableStore) -> Vec<Check> {
    let looked = async {
        let mut checks = vec![schema(store).await?];
        // Without the tables there is nothing more to see.
        if checks[0].advice.is_none() {
            checks.push(processes(store).await?);
            checks.extend(jobs(store).await?);
            checks.push(accounts(store).await?);
        }
        Ok::<_, StoreError>(checks)
    };
    match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(checks)) => checks,
        Ok(Err(error)) => vec![Check::failed(
            "store",
            ErrorChain(&error).to_string(),
            "docs/runbooks/store-down.md",
        )],
        Err(_) => vec![no_answer("store", "docs/runbooks/store-busy.md")],
    }
}

async fn schema(store: &ReadableStore) -> Result<Check, StoreError> {
    Ok(match store.schema_state().await? {
        SchemaState::UpToDate => Check::good("store", "it answers; its schema is up to date"),
        SchemaState::Behind(missing) => Check::failed(
            "store",
            format!("migrations are missing: {}", missing.join(", ")),
            "`windlass migrate`; with the embedded database, start the service",
        ),
        SchemaState::Ahead(unknown) => Check::failed(
            "store",
            format!("a newer version was here: {}", unknown.join(", ")),
            "run that version or a later one",
        ),
    })
}

async fn processes(store: &ReadableStore) -> Result<Check, StoreError> {
    let living = store.processes.list_living().await?;
    let count = |role| living.iter().filter(|it| it.role == role).count();
    let (all, api, worker) = (count("all"), count("api"), count("worker"));
    let detail = format!("{all} all, {api} api, {worker} worker");
    Ok(if all + worker == 0 {
        let advice = "nobody works on jobs: `windlass serve`, or start a worker";
        Check::warning("processes", detail, advice)
    } else {
        Check::good("processes", detail)
    })
}

async fn jobs(store: &ReadableStore) -> Result<Vec<Check>, StoreError> {
    let figures = store.statistics.read_figures().await?;
    let counted = figures.jobs.iter();
    let shown: Vec<_> = counted
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {}", state.as_str()))
        .collect();
    let detail = if shown.is_empty() {
        "none unfinished".to_owned()
    } else {
        shown.join(", ")
    };
    let resting = figures.jobs.iter();
    let resting = resting
        .filter(|(state, _)| *state == JobState::NeedsAttention)
        .any(|(_, count)| *count > 0);
    let mut checks = vec![if resting {
        Check::warning("jobs", detail, "docs/runbooks/stuck-job.md")
    } else {
        Check::good("jobs", detail)
    }];
    if let Some(age) = figures.oldest_due_job.filter(|age| *age > DUE_FOR_MAX) {
        let detail = format!("a job that could run has been due for {} s", age.as_secs());
        checks.push(Check::failed(
            "queue",
            detail,
            "docs/runbooks/jobs-not-taken.md",
        ));
    }
    Ok(checks)
}

/// What is kept about the accounts: signing in again would be counted by the platform.
async fn accounts(store: &ReadableStore) -> Result<Check, StoreError> {
    let (mut connected, mut refused, mut cannot_delete) = (0_u32, 0_u32, 0_u32);
    let mut after = None;
    loop {
        let page = PageRequest::new(TEAMS_ON_A_PAGE, after);
        let teams = store.read_model.list_teams(page).await?;
        for team in &teams.items {
            let account = store.read_model.find_platform_account(team.id).await?;
            let Some(account) = account else { continue };
            match account.state {
                PlatformAccountState::Connected => connected += 1,
                PlatformAccountState::NeedsReauthentication => refused += 1,
                PlatformAccountState::Disconnected => {}
            }
            cannot_delete += u32::from(!account.can_delete());
        }
        after = teams.next_after;
        if after.is_none() {
            break;
        }
    }
    let detail = format!(
        "{connected} connected, {refused} refused by the platform, {cannot_delete} that cannot delete environments"
    );
    Ok(if refused > 0 {
        Check::warning("accounts", detail, "docs/runbooks/session-refused.md")
    } else if cannot_delete > 0 {
        let advice = "nothing can be built through them: their tokens lack methods, or the platform wants deletions \
                      confirmed; their owners see why at the account";
        Check::warning("accounts", detail, advice)
    } else {
        Check::good("accounts", detail)
    })
}

async fn redis(configuration: &Configuration) -> Option<Check> {
    let url = configuration.redis_url.as_ref()?;
    let advice = "docs/runbooks/redis-down.md";
    let redis = match RedisCoordination::connect(url, RedisOptions::default()) {
        Ok(redis) => redis,
        Err(error) => {
            return Some(Check::failed(
                "redis",
                ErrorChain(&error).to_string(),
                advice,
            ));
        }
    };
    let answered = tokio::time::timeout(PATIENCE, redis.ping()).await;
    redis.shutdown().await;
    Some(match answered {
        Ok(Ok(())) => Check::good("redis", "it answers"),
        Ok(Err(error)) => Check::failed("redis", ErrorChain(&error).to_string(), advice),
        Err(_) => no_answer("redis", advice),
    })
}

async fn platforms(configuration: &Configuration) -> Vec<Check> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let directory = match PlatformDirectory::new(configuration.platforms.clone(), &clock) {
        Ok(directory) => directory,
        Err(error) => {
            let detail = ErrorChain(&error).to_string();
            return vec![Check::failed("platforms", detail, "mend the configuration")];
        }
    };
    let mut checks = Vec::new();
    for platform in &configuration.platforms {
        let name = format!("platform {}", platform.name.as_str());
        let advice = "docs/runbooks/platform-down.md; is `base_url` the address of the API?";
        checks.push(match directory.probe(&platform.name).await {
            Err(error) => Check::failed(name, ErrorChain(&error).to_string(), advice),
            Ok(probe) => {
                let ahead = probe.clock_ahead;
                let took = probe.took.as_millis();
                match ahead.filter(|ahead| ahead.abs() > SKEW_MAX) {
                    Some(ahead) => Check::warning(
                        name,
                        format!("its clock and ours differ by {} s", ahead.as_secs().abs()),
                        "synchronise this machine's clock (`timedatectl`)",
                    ),
                    None => Check::good(name, format!("it answers, in {took} ms")),
                }
            }
        });
    }
    checks
}
