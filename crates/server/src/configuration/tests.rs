use super::{Configuration, DatabaseTarget, Sources, keys};
use domain::software::Addon;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const EXAMPLE: &str = include_str!("../../../../deploy/windlass.example.toml");

fn sources(file_text: &str, environment: &[(&str, &str)]) -> Sources {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Sources {
        file_name: "windlass.toml".to_owned(),
        file_text: file_text.to_owned(),
        environment: environment.iter().map(owned).collect(),
    }
}

fn refusal(file_text: &str, environment: &[(&str, &str)]) -> String {
    match Configuration::read(&sources(file_text, environment)) {
        Ok(_) => panic!("{file_text:?} {environment:?} was accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn without_any_setting_everything_is_embedded_and_local() {
    let configuration = Configuration::read(&sources("", &[])).expect("defaults are right");
    assert!(configuration.is_embedded());
    assert!(configuration.http.listen.ip().is_loopback());
    assert!(configuration.redis_url.is_none());
    assert!(configuration.platforms.is_empty());
    assert_eq!(
        configuration.key_ring,
        configuration.data_dir.join("keys.json")
    );
    assert_eq!(configuration.jobs.absence_window, Duration::from_mins(2));
}

#[test]
fn the_example_file_is_right_and_maps_its_addons() {
    let configuration = Configuration::read(&sources(EXAMPLE, &[])).expect("the example is right");
    assert!(matches!(
        configuration.database,
        DatabaseTarget::Postgres { pool_size: 16, .. }
    ));
    let mapped: BTreeSet<_> = configuration.platforms[0].addons.keys().copied().collect();
    assert_eq!(mapped, BTreeSet::from([Addon::Sftp, Addon::LetsEncrypt]));
    assert_eq!(configuration.blueprints[0].layers.len(), 2);
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "[http]\nlisten = \"127.0.0.1:1\"\n";
    let variables = [("WINDLASS_HTTP_LISTEN", "127.0.0.1:2")];
    let configuration = Configuration::read(&sources(file, &variables)).expect("right");
    assert_eq!(configuration.http.listen.port(), 2);
}

#[test]
fn a_secret_comes_from_its_file_without_the_line_end() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("url");
    std::fs::write(&path, "redis://:hidden@localhost\n").expect("a writable folder");
    let path = path.display().to_string();
    let variables = [("WINDLASS_REDIS_URL_FILE", path.as_str())];
    let configuration = Configuration::read(&sources("", &variables)).expect("right");
    let url = configuration.redis_url.expect("a URL");
    assert_eq!(url.expose(), "redis://:hidden@localhost");

    let both = [
        ("WINDLASS_REDIS_URL_FILE", path.as_str()),
        ("WINDLASS_REDIS_URL", "redis://x"),
    ];
    assert!(refusal("", &both).contains("keep one"));
}

#[test]
fn a_wrong_secret_is_named_but_never_shown() {
    let said = refusal("", &[("WINDLASS_REDIS_URL", "http://:hidden@localhost")]);
    assert!(
        said.contains("redis.url") && !said.contains("hidden"),
        "{said}"
    );
}

#[test]
fn unknown_names_get_the_nearest_known_one() {
    let cases = [
        (
            "[worker]\nconcurency = 2\n",
            "did you mean `worker.concurrency`",
        ),
        ("[jobz]\n", "unknown key `jobz`"),
        ("[[platform]]\n", "did you mean `platforms`"),
    ];
    for (file, expected) in cases {
        let said = refusal(file, &[]);
        assert!(said.contains(expected), "{said}");
    }
    let said = refusal("", &[("WINDLASS_LOG_FILTR", "info")]);
    assert!(
        said.contains("did you mean `WINDLASS_LOG_FILTER`"),
        "{said}"
    );
}

#[test]
fn platforms_and_blueprints_are_checked_by_name() {
    let platform = "[[platforms]]\nname = \"p\"\nbase_url = \"https://app.example.com\"\n";
    let cases = [
        (platform.repeat(2), "two entries named `p`"),
        (
            format!("{platform}timeout = \"soon\"\n"),
            "platforms.p.timeout",
        ),
        (
            format!("{platform}colour = 1\n"),
            "unknown key `platforms.p.colour`; docs/configuration.md lists all",
        ),
        (
            format!("{platform}timout = \"1s\"\n"),
            "unknown key `platforms.p.timout`; did you mean `timeout`?",
        ),
        (
            format!("{platform}timeout = 3\n"),
            "`platforms.p.timeout`: invalid type: integer `3`, expected a string",
        ),
        (
            "[[platforms]]\nname = \"p\"\n".to_owned(),
            "`platforms.p`: missing field `base_url`",
        ),
        (
            "[[platforms]]\nbase_url = \"https://app.example.com\"\n".to_owned(),
            "`platforms.1`: missing field `name`",
        ),
        (
            "[platforms]\nname = \"p\"\n".to_owned(),
            "`platforms` is a list: write `[[platforms]]`",
        ),
        (
            format!("{platform}addons.sftp = {{ appid = \"x\" }}\n"),
            "unknown key `platforms.p.addons.sftp.appid`; did you mean `app_id`?",
        ),
        (
            "[[blueprints]]\nname = \"b\"\n[[blueprints.layers]]\nstak = \"x\"\n".to_owned(),
            "unknown key `blueprints.b.layers[0].stak`; did you mean `stack`?",
        ),
        (
            format!("{platform}addons.magic = {{ app_id = \"x\" }}\n"),
            "platforms.p.addons.magic",
        ),
        (
            "[[blueprints]]\nname = \"b\"\nlayers = []\n".to_owned(),
            "blueprints.b.layers",
        ),
    ];
    for (file, expected) in cases {
        let said = refusal(&file, &[]);
        assert!(said.contains(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn the_legacy_sign_in_variable_is_honoured_with_a_warning() {
    let file = "[[platforms]]\nname = \"p\"\nbase_url = \"https://app.example.com\"\n";
    let variables = [("EXTERNAL_AUTH_URL", "https://auth.example.com")];
    let configuration = Configuration::read(&sources(file, &variables)).expect("right");
    let urls = &configuration.platforms[0].service_urls;
    assert_eq!(urls.signin.as_deref(), Some("https://auth.example.com"));
    assert_eq!(configuration.deprecations.len(), 1);
}

#[test]
fn keys_are_unique_and_documented() {
    let mut by_path = BTreeMap::new();
    let page = keys::documentation();
    for key in keys::ALL {
        assert!(
            by_path.insert(key.path, key.variable).is_none(),
            "{} twice",
            key.path
        );
        assert!(
            page.contains(&format!("`{}`", key.variable)),
            "{}",
            key.variable
        );
    }
    let variables: BTreeSet<_> = by_path.values().collect();
    assert_eq!(variables.len(), keys::ALL.len());
}
