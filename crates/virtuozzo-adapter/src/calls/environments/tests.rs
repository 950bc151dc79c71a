use super::*;
use domain::ids::EntityId;
use domain::names::{NodeGroup, RegionName};
use domain::ports::CreationTag;
use uuid::Uuid;

#[test]
fn a_creation_carries_tag_key_and_strict_json() {
    let attempt = StepAttemptId::from_uuid(Uuid::from_u128(7));
    let spec = EnvironmentSpec {
        short_domain: ShortDomain::parse("shop-abc123").unwrap(),
        creation_tag: CreationTag::of(attempt),
        region: Some(RegionName::parse("eu1_hn_group").unwrap()),
        layers: vec![LayerSpec {
            node_group: NodeGroup::parse("cp").unwrap(),
            stack: "nginxphp".into(),
            version: None,
            count: 1,
            cloudlets_reserved: 1,
            cloudlets_limit: 8,
            disk_limit_gb: Some(10),
        }],
    };
    let session = SecretText::new("the session".into());
    let outgoing = create_environment(&spec, attempt)
        .of_attempt(attempt)
        .outgoing(Some(&session), None);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&outgoing.body)
        .into_owned()
        .collect();
    let env = format!(
        r#"{{"shortdomain":"shop-abc123","displayName":"wdl:{attempt}","region":"eu1_hn_group"}}"#
    );
    let nodes = concat!(
        r#"[{"nodeType":"nginxphp","nodeGroup":"cp","count":1,"#,
        r#""fixedCloudlets":1,"flexibleCloudlets":8,"diskLimit":10}]"#
    );
    let expected = [
        ("env", env.as_str()),
        ("nodes", nodes),
        ("actionkey", &attempt.to_string()),
        ("ruk", &attempt.to_string()),
        ("session", "the session"),
    ];
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    assert_eq!(pairs, expected);
}
