//! Every call, with exactly the parameters that it sends, in their order.

use super::*;
use crate::configuration::PlatformConfiguration;
use domain::environment::PlatformNodeId;
use domain::ids::EntityId;
use domain::names::{PlatformName, ShortDomain};
use std::collections::HashSet;
use uuid::Uuid;

mod commands_cases;
mod environments_cases;
mod life_cycle_cases;
mod marketplace_cases;
mod node_cases;
mod topology_cases;
mod users_cases;

/// What people may write: none of it may leave its parameter.
const HOSTILE: &str = "a&session=stolen;b=%00+\"'\\ äöü €/{x}[1]=1,#?\u{202e}";
const NODE: PlatformNodeId = PlatformNodeId(48211);

/// A call and what it has to send.
struct Case {
    call: Call,
    fields: Vec<(String, String)>,
}

fn case(call: Call, fields: &[(&str, &str)]) -> Case {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    Case { call, fields }
}

fn shop() -> ShortDomain {
    ShortDomain::parse("shop-abc123").unwrap()
}

fn attempt() -> StepAttemptId {
    StepAttemptId::from_uuid(Uuid::from_u128(7))
}

fn cases() -> Vec<Case> {
    [
        commands_cases::cases(),
        environments_cases::cases(),
        life_cycle_cases::cases(),
        marketplace_cases::cases(),
        node_cases::cases(),
        topology_cases::cases(),
        users_cases::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_call_sends_its_parameters_and_no_others() {
    let session = SecretText::new(HOSTILE.into());
    for case in cases() {
        let endpoint = case.call.endpoint;
        let outgoing = case
            .call
            .of_attempt(attempt())
            .outgoing(Some(&session), None);
        let sent: Vec<(String, String)> = form_urlencoded::parse(&outgoing.body)
            .into_owned()
            .collect();
        let mut expected = case.fields;
        expected.push(("ruk".into(), attempt().to_string()));
        expected.push(("session".into(), HOSTILE.into()));
        assert_eq!(sent, expected, "{}", endpoint.path());
        assert!(outgoing.body.is_ascii(), "{}", endpoint.path());
    }
}

#[test]
fn every_endpoint_has_a_call_whose_parameters_are_checked() {
    let checked: HashSet<Endpoint> = cases().iter().map(|case| case.call.endpoint).collect();
    let unchecked: Vec<&str> = Endpoint::ALL
        .iter()
        .filter(|endpoint| !checked.contains(endpoint))
        .map(|endpoint| endpoint.path())
        .collect();
    assert_eq!(unchecked, [""; 0]);
}

#[test]
fn nothing_but_the_path_is_in_a_url() {
    let name = PlatformName::parse("example").unwrap();
    let platform = PlatformConfiguration::new(name, "https://app.example.com");
    let urls = platform.resolve().unwrap();
    for endpoint in Endpoint::ALL {
        let url = urls.of_endpoint(*endpoint).to_string();
        let expected = format!("https://app.example.com/1.0/{}", endpoint.path());
        assert_eq!(url, expected);
    }
}
