//! environment/control: environments, by what is done to them.
//!
//! It must not know add-ons or packages beyond forgetting those of a deleted environment.

use futures::FutureExt;

use super::Endpoint;

mod clone;
pub(super) mod commands;
mod create;
mod delete;
mod display_name;
pub(super) mod groups;
pub(super) mod logs;
pub(super) mod passwords;
pub(super) mod platform_reading;
mod reading;
pub(super) mod restart;
mod rules;
pub(super) mod sizes;
mod start_and_stop;
mod topology_change;
pub(super) mod variables;

const SERVICE: &str = "environment/control";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "createenvironment",
        "environment.control.CreateEnvironment",
        |call| create::create_environment(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "deleteenv",
        "environment.control.DeleteEnv",
        |call| delete::delete_environment(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "setenvdisplayname",
        "environment.control.SetEnvDisplayName",
        |call| display_name::set_display_name(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "startenv",
        "environment.control.StartEnv",
        |call| start_and_stop::start(call).boxed(),
    ),
    Endpoint::mutating(SERVICE, "stopenv", "environment.control.StopEnv", |call| {
        start_and_stop::stop(call).boxed()
    }),
    Endpoint::mutating(
        SERVICE,
        "sleepenv",
        "environment.control.SleepEnv",
        |call| start_and_stop::sleep(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "cloneenv",
        "environment.control.CloneEnv",
        |call| clone::clone_environment(call).boxed(),
    ),
    Endpoint::reading(
        SERVICE,
        "getenvinfo",
        "environment.control.GetEnvInfo",
        reading::get_environment_info,
    ),
    Endpoint::reading(SERVICE, "getenvs", "environment.control.GetEnvs", |call| {
        Ok(reading::get_environments(call))
    }),
    Endpoint::reading(
        SERVICE,
        "getregions",
        "environment.control.GetRegions",
        |call| Ok(reading::get_regions(call)),
    ),
];
