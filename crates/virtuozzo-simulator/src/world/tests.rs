use super::{World, WorldError};

const SMALLEST: &str = r#"
platform_domain = "small.test"
[[accounts]]
uid = 1
login = "a@example.com"
password = "pw"
[[regions]]
unique_name = "r"
display_name = "R"
domain = "r.small.test"
[[regions.hard_node_groups]]
unique_name = "g"
display_name = "G"
"#;

#[test]
fn the_example_world_is_valid() {
    let world = World::example();
    assert_eq!(world.accounts[0].login, "owner@example.com");
    assert!(
        world
            .manifest_text("https://packages.example.com/wordpress/manifest.yaml?_r=1")
            .is_some()
    );
}

#[test]
fn a_small_world_gets_defaults() {
    let world = World::from_toml(SMALLEST).unwrap();
    assert_eq!(world.invented.name_taken, 2314);
    assert_eq!(world.timings.create_ms, 2_500);
}

#[test]
fn an_unknown_key_is_named() {
    let text = format!("plattform = 1\n{SMALLEST}");
    let error = World::from_toml(&text).unwrap_err().to_string();
    assert!(error.contains("plattform"), "{error}");
}

#[test]
fn an_unknown_nested_key_is_named() {
    let text = format!("{SMALLEST}\n[timings]\ncreate_seconds = 1\n");
    let error = World::from_toml(&text).unwrap_err().to_string();
    assert!(error.contains("create_seconds"), "{error}");
}

#[test]
fn contradictions_name_their_key() {
    let cases = [
        (
            "[[environments]]\nname = \"stray\"\nuid = 9\n",
            "environments[0].uid",
        ),
        (
            "[[environments]]\nname = \"stray\"\nuid = 1\nstatus = 99\n",
            "environments[0].status",
        ),
        (
            "[[marketplace]]\nid = \"p\"\nname = \"P\"\nkind = \"package\"\n",
            "marketplace[0].manifest",
        ),
        (
            "[[accounts]]\nuid = 2\nlogin = \"b@example.com\"\npassword = \"x\"\n\
             [[accounts.tokens]]\nvalue = \"short\"\nmethods = []\n",
            "accounts[1].tokens[0].value",
        ),
        (
            "[[accounts]]\nuid = 1\nlogin = \"b@example.com\"\npassword = \"x\"\n",
            "accounts[1].uid",
        ),
    ];
    for (addition, expected_key) in cases {
        match World::from_toml(&format!("{SMALLEST}\n{addition}")) {
            Err(WorldError::Invalid { key, .. }) => assert_eq!(key, expected_key),
            other => panic!("{expected_key}: {other:?}"),
        }
    }
}

#[test]
fn passwords_stay_out_of_debug_output() {
    let shown = format!("{:?}", World::example());
    assert!(!shown.contains("example-password"), "{shown}");
}
