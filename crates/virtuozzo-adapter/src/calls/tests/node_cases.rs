use super::*;
use domain::names::{ExternalDomain, FilePath, FolderPath, MountName, VariableName};
use domain::ports::{LogRange, MountPointSpec};
use std::collections::{BTreeMap, BTreeSet};

const OF_NODE: [(&str, &str); 2] = [("envName", "shop-abc123"), ("nodeId", "48211")];
const PATH: &str = "/srv/a b&c=+%;'\"ä€";

fn of_node<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&OF_NODE, more].concat()
}

pub(super) fn cases() -> Vec<Case> {
    let shop = shop();
    let password = SecretText::new(HOSTILE.into());
    let mut cases = vec![
        case(
            passwords::reset_node_password(&shop, NODE, &password),
            &of_node(&[("password", HOSTILE)]),
        ),
        case(
            passwords::reset_container_password(&shop, NODE, &password),
            &[
                ("envName", "shop-abc123"),
                ("nodeid", "48211"),
                ("password", HOSTILE),
            ],
        ),
        case(logs::log_files(&shop, NODE), &OF_NODE),
        case(
            logs::read_log(
                &shop,
                NODE,
                &FilePath::parse(PATH).unwrap(),
                LogRange {
                    from: u64::MAX,
                    count: 100,
                },
            ),
            &of_node(&[
                ("path", PATH),
                ("from", "18446744073709551615"),
                ("count", "100"),
            ]),
        ),
    ];
    cases.extend(of_storage(&shop));
    cases.extend(of_variables(&shop));
    cases.extend(of_domains(&shop));
    cases
}

fn of_storage(shop: &ShortDomain) -> [Case; 4] {
    let path = FolderPath::parse(PATH).unwrap();
    let spec = |name: Option<&str>, is_read_only| MountPointSpec {
        path: path.clone(),
        source_node: PlatformNodeId(48212),
        source_path: FolderPath::parse("/data").unwrap(),
        name: name.map(|name| MountName::parse(name).unwrap()),
        is_read_only,
    };
    let source = [
        ("path", PATH),
        ("sourcePath", "/data"),
        ("sourceNodeId", "48212"),
    ];
    [
        case(storage::mount_points(shop, NODE), &OF_NODE),
        case(
            storage::add_mount_point(shop, NODE, &spec(None, false)),
            &of_node(&[&source[..], &[("readOnly", "false")]].concat()),
        ),
        case(
            storage::add_mount_point(shop, NODE, &spec(Some(HOSTILE), true)),
            &of_node(&[&source[..], &[("name", HOSTILE), ("readOnly", "true")]].concat()),
        ),
        case(
            storage::remove_mount_point(shop, NODE, &path),
            &of_node(&[("path", PATH)]),
        ),
    ]
}

fn of_variables(shop: &ShortDomain) -> [Case; 4] {
    let name = |name: &str| VariableName::parse(name).unwrap();
    let values = BTreeMap::from([
        (name("B"), SecretText::new(HOSTILE.into())),
        (name("A_1"), SecretText::new(String::new())),
    ]);
    let json = format!(
        r#"{{"A_1":"","B":{}}}"#,
        serde_json::to_string(HOSTILE).unwrap()
    );
    let names = BTreeSet::from([name("B"), name("A_1")]);
    [
        case(variables::variables(shop, NODE), &OF_NODE),
        case(
            variables::add_variables(shop, NODE, &values),
            &of_node(&[("vars", &json)]),
        ),
        case(
            variables::replace_variables(shop, NODE, &values),
            &of_node(&[("vars", &json)]),
        ),
        case(
            variables::remove_variables(shop, NODE, &names),
            &of_node(&[("vars", r#"["A_1","B"]"#)]),
        ),
    ]
}

fn of_domains(shop: &ShortDomain) -> [Case; 4] {
    let domain = ExternalDomain::parse("www.xn--bcher-kva.example.com").unwrap();
    let bound = [
        ("envName", "shop-abc123"),
        ("extdomain", "www.xn--bcher-kva.example.com"),
    ];
    [
        case(domains::external_domains(shop), &bound[..1]),
        case(domains::check_external_domain(&domain), &bound[1..]),
        case(domains::bind_external_domain(shop, &domain), &bound),
        case(domains::remove_external_domain(shop, &domain), &bound),
    ]
}
