use super::*;
use crate::wire;

fn info(json: &str) -> EnvironmentInfo {
    wire::read(json.as_bytes()).unwrap()
}

#[test]
fn every_status_number_has_a_state() {
    let expected = |status| match status {
        1 => ObservedState::Running,
        2 => ObservedState::Stopped,
        4 => ObservedState::Sleeping,
        5 | 11 => ObservedState::Broken,
        _ => ObservedState::Changing,
    };
    for status in -1..=16 {
        assert_eq!(state(Some(status)), expected(status), "{status}");
    }
    assert_eq!(state(None), ObservedState::Changing);
}

#[test]
fn an_environment_is_read_in_the_platform_s_various_spellings() {
    let observed = environment(info(
        r#"{"result":"0","right":"OWNER","envGroups":["a/b"],"nodesData":[],
            "env":{"envName":"Shop-FR","shortdomain":"shop-fr","appid":"5f0c","status":"1","uid":"4127",
                   "displayName":"wdl:x","domain":"shop-fr.example.com","extdomains":[]},
            "nodes":{"0":{"id":"48211","nodeGroup":"cp","nodemission":"cp","nodeType":"nginxphp",
                          "ismaster":"true","status":1,"password":null,
                          "version":"1.26.2","fixedCloudlets":"1","flexibleCloudlets":8},
                     "1":{"id":48212,"nodemission":"sqldb","status":3},
                     "2":{"nodeGroup":"cp"}}}"#,
    ))
    .unwrap()
    .unwrap();
    assert_eq!(observed.short_domain.as_str(), "shop-fr");
    assert_eq!(observed.appid, PlatformAppId("5f0c".into()));
    assert_eq!(observed.state, ObservedState::Running);
    assert_eq!(observed.groups, ["a/b"]);
    assert_eq!(observed.nodes[0].version.as_deref(), Some("1.26.2"));
    let size = Cloudlets {
        reserved: 1,
        limit: 8,
    };
    assert_eq!(observed.nodes[0].cloudlets, Some(size));
    assert_eq!(
        (
            observed.nodes[1].version.as_ref(),
            observed.nodes[1].cloudlets
        ),
        (None, None)
    );
    let nodes: Vec<_> = observed
        .nodes
        .iter()
        .map(|node| {
            (
                node.platform_node_id,
                node.node_group.as_str(),
                node.is_master,
            )
        })
        .collect();
    assert_eq!(
        nodes,
        [
            (PlatformNodeId(48211), "cp", true),
            (PlatformNodeId(48212), "sqldb", false)
        ]
    );
}

#[test]
fn what_could_be_taken_for_another_environment_is_an_error() {
    let wanted = ShortDomain::parse("shop-fr").unwrap();
    let named = |json: &str| environment_named(info(json), &wanted).err();
    assert_eq!(named("{}"), Some(WireError::Missing("env")));
    assert_eq!(
        named(r#"{"env":{}}"#),
        Some(WireError::Missing("env.envName"))
    );
    assert_eq!(
        named(r#"{"env":{"envName":"shop-fr"}}"#),
        Some(WireError::Missing("env.appid"))
    );
    assert_eq!(
        named(r#"{"env":{"envName":"shop-de","appid":"1"}}"#),
        Some(WireError::OtherSubject)
    );
}

#[test]
fn passwords_of_new_nodes_are_kept_by_node() {
    let wanted = ShortDomain::parse("shop-fr").unwrap();
    let created = created(
        info(
            r#"{"env":{"envName":"shop-fr","appid":"1"},
                "nodes":[{"id":1,"nodeGroup":"cp","password":"secret"},{"id":2,"nodeGroup":"sqldb"}]}"#,
        ),
        &wanted,
    );
    let created = created.ok().unwrap();
    assert_eq!(created.node_passwords.len(), 1);
    assert_eq!(
        created.node_passwords[&PlatformNodeId(1)].expose(),
        "secret"
    );
}

#[test]
fn installations_elsewhere_and_former_ones_do_not_count() {
    let list: InstalledList = wire::read(
        br#"{"response":{"apps":[
            {"uniqueName":"here","envName":"SHOP-fr"},{"uniqueName":"unsaid"},{"app_id":"nameless"},
            {"uniqueName":"there","envName":"other"},{"uniqueName":"gone","isInstalled":false}]}}"#,
    )
    .unwrap();
    let names = installations(list, &ShortDomain::parse("shop-fr").unwrap());
    let names: Vec<_> = names.iter().map(|name| name.0.as_str()).collect();
    assert_eq!(names, ["here", "unsaid"]);
}

#[test]
fn a_result_without_an_end_counts_only_when_it_is_an_error() {
    let read = |json: &str| action(&wire::read(json.as_bytes()).unwrap(), false).result;
    assert_eq!(read(r#"{"result":0}"#), None);
    assert_eq!(
        read(r#"{"result":0,"endDate":"2026-01-01 00:00:00"}"#),
        Some(0)
    );
    assert_eq!(read(r#"{"resultCode":"2314"}"#), Some(2314));
}

#[test]
fn times_are_read_in_every_form_that_was_seen() {
    let expected = "2026-03-02T09:14:07Z".parse::<Timestamp>().ok();
    for text in [
        "2026-03-02 09:14:07",
        "1772442847000",
        "2026-03-02T09:14:07Z",
    ] {
        assert_eq!(time(text), expected, "{text}");
    }
    assert_eq!(time("yesterday"), None);
}
