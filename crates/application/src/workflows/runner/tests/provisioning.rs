//! The provisioning workflow as it is, step by step, on a platform that answers.

use super::world::World;
use crate::blueprint::Blueprint;
use crate::sample::environment;
use crate::workflows::payloads::{ProvisionPayload, encode_own};
use crate::workflows::runner::RunEnd;
use crate::workflows::scene::created_by;
use domain::environment::{Environment, EnvironmentState, ObservedState};
use domain::error_code::ErrorCode;
use domain::ids::StepAttemptId;
use domain::job::{JobKind, JobState, WaitReason};
use domain::names::BlueprintName;
use domain::ports::{
    CreatedEnvironment, InstalledOnPlatform, MutationOutcome, ObservedEnvironment, PackageSpec,
    Refusal, RefusalClass,
};
use domain::software::{Addon, PlatformUniqueName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// A provisioning job of a package and one add-on, just claimed.
fn provisioning() -> World {
    let mut world = World::default();
    let blueprint = Blueprint {
        name: BlueprintName::parse("wordpress").unwrap(),
        layers: Vec::new(),
        package: Some(PackageSpec {
            source: "https://example.com/wordpress.jps".to_owned(),
            node_group: None,
            settings: BTreeMap::new(),
        }),
    };
    let addons = BTreeSet::from([Addon::Sftp]);
    world.claimed.job.kind = JobKind::EnvironmentProvision;
    world.claimed.job.payload = encode_own(&ProvisionPayload::new(&blueprint, &addons));
    world.book.pages().environment = Some(Environment {
        state: EnvironmentState::Provisioning,
        platform_appid: None,
        ..environment()
    });
    world
}

fn call(world: &World, name: &'static str) -> impl Fn() + Send + 'static {
    let book = Arc::clone(&world.book);
    move || book.happened(format!("call {name}"))
}

/// The name is free, creating works, and what was created is in this state.
fn creating(world: &mut World, state: ObservedState) -> Arc<Mutex<Option<StepAttemptId>>> {
    let creator: Arc<Mutex<Option<StepAttemptId>>> = Arc::default();
    world
        .platform
        .environments
        .expect_is_short_domain_free()
        .returning(|_, _, _| Ok(true));
    let (called, attempt) = (call(world, "create"), Arc::clone(&creator));
    world
        .platform
        .environments
        .expect_create_environment()
        .times(1)
        .returning(move |_, ticket, _| {
            called();
            *attempt.lock().unwrap() = Some(ticket.attempt);
            MutationOutcome::Done(CreatedEnvironment {
                environment: created_by(ticket.attempt),
                node_passwords: BTreeMap::new(),
            })
        });
    let seen = Arc::clone(&creator);
    world
        .platform
        .environments
        .expect_observe_environment()
        .returning(move |_, _| {
            let attempt = *seen.lock().unwrap();
            Ok(attempt.map(|attempt| ObservedEnvironment {
                state,
                ..created_by(attempt)
            }))
        });
    creator
}

/// Installing works.
fn installing(world: &mut World) {
    let (package, addon) = (call(world, "package"), call(world, "addon"));
    let installed = |name: &str| {
        MutationOutcome::Done(InstalledOnPlatform {
            unique_name: Some(PlatformUniqueName(name.to_owned())),
        })
    };
    let platform = &mut world.platform;
    platform
        .software
        .expect_list_installations()
        .returning(|_, _| Ok(Vec::new()));
    platform
        .software
        .expect_is_addon_available()
        .returning(|_, _, _| Ok(true));
    platform
        .software
        .expect_install_package()
        .times(1)
        .returning(move |_, _, _, _| {
            package();
            installed("jps-1")
        });
    platform
        .software
        .expect_install_addon()
        .times(1)
        .returning(move |_, _, _, _| {
            addon();
            installed("sftp-1")
        });
}

fn naming(world: &mut World, outcome: MutationOutcome<()>) {
    let called = call(world, "name");
    world
        .platform
        .environments
        .expect_set_display_name()
        .withf(|_, _, _, name| name.as_str() == "The shop")
        .times(1)
        .returning(move |_, _, _, _| {
            called();
            outcome.clone()
        });
}

fn deleting(world: &mut World) {
    let called = call(world, "delete");
    world
        .platform
        .environments
        .expect_delete_environment()
        .times(1)
        .returning(move |_, _, _, _| {
            called();
            MutationOutcome::Done(())
        });
}

fn calls(world: &World) -> Vec<String> {
    let events = world.events();
    let calls = events
        .iter()
        .filter_map(|event| event.strip_prefix("call "));
    calls.map(ToOwned::to_owned).collect()
}

fn state(world: &World) -> EnvironmentState {
    world.book.pages().environment.clone().unwrap().state
}

#[tokio::test]
async fn one_job_creates_installs_names_and_records() {
    let mut world = provisioning();
    creating(&mut world, ObservedState::Running);
    installing(&mut world);
    naming(&mut world, MutationOutcome::Done(()));
    let end = world.run().await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Succeeded));
    assert_eq!(calls(&world), ["create", "package", "addon", "name"]);
    let built = world.book.pages().environment.clone().unwrap();
    assert_eq!(built.state, EnvironmentState::Running);
    assert_eq!(
        built.site_url.as_deref(),
        Some("https://shop-abc123.example.com/")
    );
    assert!(built.platform_appid.is_some() && built.synced_at.is_some());
}

#[tokio::test]
async fn a_name_that_somebody_on_the_platform_uses_creates_nothing() {
    let mut world = provisioning();
    world
        .platform
        .environments
        .expect_is_short_domain_free()
        .returning(|_, _, _| Ok(false));
    let end = world.run().await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Failed));
    let failure = world.book.pages().failure.clone().unwrap();
    assert_eq!(failure.code, ErrorCode::EnvironmentNameTaken);
    assert_eq!(state(&world), EnvironmentState::Failed);
}

#[tokio::test]
async fn while_the_environment_is_being_built_the_worker_is_given_back() {
    let mut world = provisioning();
    creating(&mut world, ObservedState::Changing);
    assert_eq!(world.run().await.unwrap(), RunEnd::GivenBack);
    let (_, reason, after) = world.book.pages().given_back.clone().unwrap();
    assert_eq!(reason, WaitReason::PlatformWork);
    assert_eq!(after, world.settings.poll_interval);
    assert_eq!(state(&world), EnvironmentState::Provisioning);
}

#[tokio::test]
async fn an_environment_that_comes_up_broken_is_deleted_again() {
    let mut world = provisioning();
    creating(&mut world, ObservedState::Broken);
    deleting(&mut world);
    let end = world.run().await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Failed));
    assert_eq!(calls(&world), ["create", "delete"]);
    let failure = world.book.pages().failure.clone().unwrap();
    assert_eq!(failure.code, ErrorCode::EnvironmentBroken);
    assert_eq!(state(&world), EnvironmentState::Failed);
}

#[tokio::test]
async fn a_failure_after_the_installations_takes_back_the_creation_only() {
    let mut world = provisioning();
    creating(&mut world, ObservedState::Running);
    installing(&mut world);
    let refused = MutationOutcome::Refused(Refusal {
        class: RefusalClass::Permission,
        result: 8_702,
        text: "no access".to_owned(),
    });
    naming(&mut world, refused);
    deleting(&mut world);
    let end = world.run().await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Failed));
    let expected = ["create", "package", "addon", "name", "delete"];
    assert_eq!(calls(&world), expected);
    let failure = world.book.pages().failure.clone().unwrap();
    assert_eq!(failure.platform_code, Some(8_702));
    assert_eq!(failure.step.as_deref(), Some("set_display_name"));
    assert_eq!(state(&world), EnvironmentState::Failed);
}
