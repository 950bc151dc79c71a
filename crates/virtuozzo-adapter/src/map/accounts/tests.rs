use super::*;
use crate::wire;
use crate::wire::offer::TemplateList;
use crate::wire::usage::UsageList;

fn standing_of(json: &str) -> (Option<bool>, Option<String>) {
    let standing = standing(wire::read(json.as_bytes()).unwrap());
    (standing.is_active, standing.kind)
}

#[test]
fn an_account_is_active_by_number_or_by_name() {
    let cases = [
        (
            r#"{"status":1,"groupType":"billing","isCommerial":true}"#,
            Some(true),
            Some("billing"),
        ),
        (
            r#"{"status":"ACTIVE","groupType":"trial"}"#,
            Some(true),
            Some("trial"),
        ),
        (r#"{"status":"2"}"#, Some(false), None),
        (r#"{"status":"Deleted","groupType":""}"#, Some(false), None),
        (r#"{"status":9}"#, None, None),
        (r#"{"result":0}"#, None, None),
    ];
    for (json, is_active, kind) in cases {
        let expected = (is_active, kind.map(str::to_owned));
        assert_eq!(standing_of(json), expected, "{json}");
    }
}

#[test]
fn quotas_are_words_and_nameless_ones_are_left_out() {
    let list: QuotaList = wire::read(
        br#"{"result":0,"array":[
            {"quota":{"id":1,"name":"environment.maxcount"},"value":50,"type":"GROUP"},
            {"quota":{"name":"environment.externalip.enabled"},"value":true},
            {"quota":{"name":"environment.delete.confirm.type"},"value":"name"},
            {"quota":{"name":"disk.share"},"value":0.5},
            {"quota":{"name":"without.value"}},{"quota":{},"value":1},{"value":1}]}"#,
    )
    .unwrap();
    let read: Vec<_> = quotas(list)
        .into_iter()
        .map(|quota| (quota.name, quota.value))
        .collect();
    let expected = [
        ("environment.maxcount", "50"),
        ("environment.externalip.enabled", "true"),
        ("environment.delete.confirm.type", "name"),
        ("disk.share", "0.5"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(read, expected);
    assert_eq!(quotas(wire::read(br#"{"result":0}"#).unwrap()), []);
}

#[test]
fn samples_without_a_measurement_are_left_out() {
    let list: UsageList = wire::read(
        br#"{"result":0,"stats":[
            {"duration":3600,"cpu":1.5,"mem":"256","disk":0,"netInExt":7,"netOutExt":"3","netInInt":99},
            {"duration":"60","cpu":1,"mem":2,"disk":3},
            {"cpu":1,"mem":2,"disk":3},{"duration":-1,"cpu":1,"mem":2,"disk":3},
            {"duration":60,"mem":2,"disk":3},{"duration":60,"cpu":1,"disk":3},
            {"duration":60,"cpu":1,"mem":2,"disk":null}]}"#,
    )
    .unwrap();
    let read: Vec<_> = list.stats.iter().filter_map(usage).collect();
    let expected = [
        UsageSample {
            duration: Duration::from_hours(1),
            cpu: 1.5,
            memory: 256.0,
            disk: 0.0,
            external_traffic_bytes: 10.0,
        },
        UsageSample {
            duration: Duration::from_mins(1),
            cpu: 1.0,
            memory: 2.0,
            disk: 3.0,
            external_traffic_bytes: 0.0,
        },
    ];
    assert_eq!(read, expected);
}

#[test]
fn regions_are_the_groups_of_hardware_inside_them() {
    let list: RegionList = wire::read(
        br#"{"result":0,"array":[
            {"uniqueName":"eu","displayName":"Europe","domain":"eu.example.com","hardNodeGroups":[
                {"uniqueName":"eu1_hn_group","displayName":"Europe 1","isEnabled":true},
                {"uniqueName":"eu2_hn_group","isEnabled":"false"},
                {"displayName":"nameless"},{"uniqueName":"not a name"}]},
            {"uniqueName":"us","hardNodeGroups":{"0":{"uniqueName":"us1"}}},
            {"uniqueName":"empty"}]}"#,
    )
    .unwrap();
    let read: Vec<_> = regions(list)
        .into_iter()
        .map(|region| {
            let name = region.name.to_string();
            (name, region.display_name, region.domain, region.is_enabled)
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        (
            "eu1_hn_group".to_owned(),
            text("Europe 1"),
            text("eu.example.com"),
            true,
        ),
        (
            "eu2_hn_group".to_owned(),
            text("Europe"),
            text("eu.example.com"),
            false,
        ),
        ("us1".to_owned(), None, None, true),
    ];
    assert_eq!(read, expected);
}

#[test]
fn stacks_on_offer_have_their_default_version_first() {
    let list: TemplateList = wire::read(
        br#"{"result":0,"array":[
            {"nodeType":"mysql8","nodeMission":"sqldb","name":"MySQL","enabled":true,"published":"true",
             "tags":[{"name":"8.0"},{"name":"8.4","isDefault":true},{"isDefault":false},"9.0"],"engines":[]},
            {"nodeType":"bare","tags":null},
            {"nodeType":"off","enabled":false},{"nodeType":"hidden","published":"false"},{"name":"typeless"}]}"#,
    )
    .unwrap();
    let read: Vec<_> = list.array.into_iter().filter_map(stack).collect();
    let expected = [
        Stack {
            stack: "mysql8".into(),
            display_name: Some("MySQL".into()),
            node_group: Some("sqldb".into()),
            versions: vec!["8.4".into(), "8.0".into(), "9.0".into()],
        },
        Stack {
            stack: "bare".into(),
            display_name: None,
            node_group: None,
            versions: Vec::new(),
        },
    ];
    assert_eq!(read, expected);
}
