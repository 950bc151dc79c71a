use super::*;
use crate::endpoint::Endpoint;

fn platform(base_url: &str) -> PlatformConfiguration {
    let name = PlatformName::parse("example").expect("a valid name");
    PlatformConfiguration::new(name, base_url)
}

#[test]
fn paths_are_joined_whatever_the_root_ends_in() {
    for root in [
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/1.0",
        "https://app.example.com/1.0/",
    ] {
        let url = platform(root)
            .resolve()
            .unwrap()
            .of_endpoint(Endpoint::GetEnvInfo);
        assert_eq!(
            url.as_str(),
            "https://app.example.com/1.0/environment/control/rest/getenvinfo",
            "{root}"
        );
    }
    let below = platform("https://example.com/a/b/").resolve().unwrap();
    assert_eq!(
        below.of_endpoint(Endpoint::SignIn).as_str(),
        "https://example.com/a/b/1.0/users/authentication/rest/signin"
    );
}

#[test]
fn a_service_may_live_elsewhere() {
    let mut platform = platform("https://app.example.com");
    platform.service_urls.marketplace = Some("https://shop.example.com".into());
    let urls = platform.resolve().unwrap();
    assert_eq!(
        urls.of_endpoint(Endpoint::InstallAddon).as_str(),
        "https://shop.example.com/1.0/marketplace/app/rest/installaddon"
    );
    assert_eq!(
        urls.of_endpoint(Endpoint::CheckDomain).host_str(),
        Some("app.example.com")
    );
}

#[test]
fn wrong_roots_name_their_key() {
    let cases = [
        ("app.example.com", "absolute"),
        ("ftp://app.example.com", "http or https"),
        ("http://app.example.com", "must be https"),
        ("https://user:word@app.example.com", "user or a password"),
        ("https://app.example.com/?session=1", "query"),
        ("https://app.example.com/#top", "fragment"),
    ];
    for (root, rule) in cases {
        let error = platform(root).resolve().unwrap_err();
        assert_eq!(
            (error.platform.as_str(), error.key),
            ("example", "base_url")
        );
        assert!(error.rule.contains(rule), "{root}: {error}");
    }
    let mut elsewhere = platform("https://app.example.com");
    elsewhere.service_urls.billing = Some("http://billing.example.com".into());
    assert_eq!(elsewhere.resolve().unwrap_err().key, "service_urls.billing");
}

#[test]
fn plain_http_stays_on_the_machine_unless_allowed() {
    for root in [
        "http://127.0.0.1:80",
        "http://[::1]:8080",
        "http://localhost",
    ] {
        assert!(platform(root).resolve().is_ok(), "{root}");
    }
    for root in [
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
    ] {
        assert!(platform(root).resolve().is_err(), "{root}");
        let mut allowed = platform(root);
        allowed.allow_plain_http = true;
        assert!(allowed.resolve().is_ok(), "{root}");
    }
}

#[test]
fn limits_that_would_stop_everything_name_their_key() {
    type Change = fn(&mut PlatformConfiguration);
    let cases: [(&str, Change); 8] = [
        ("connect_timeout", |it| it.connect_timeout = Duration::ZERO),
        ("answer_timeouts.instant", |it| {
            it.answer_timeouts.instant = Duration::ZERO;
        }),
        ("read_total", |it| it.read_total = Duration::ZERO),
        ("concurrency.global", |it| it.concurrency.global = 0),
        ("concurrency.per_account", |it| {
            it.concurrency.per_account = 0;
        }),
        ("max_retries", |it| it.max_retries = 6),
        ("breaker.failures_in_a_row", |it| {
            it.breaker.failures_in_a_row = 0;
        }),
        ("addons", |it| {
            let nothing = AddonMapping {
                app_id: String::new(),
                node_group: None,
                settings: BTreeMap::new(),
            };
            it.addons.insert(Addon::Sftp, nothing);
        }),
    ];
    for (key, change) in cases {
        let mut changed = platform("https://app.example.com");
        change(&mut changed);
        assert_eq!(changed.resolve().unwrap_err().key, key);
    }
}

#[test]
fn what_scripts_and_sites_are_is_checked() {
    let mut platform = platform("https://app.example.com");
    for folder in ["", "webroot", "/srv/\u{7}"] {
        platform.wordpress_folder = folder.into();
        let error = platform.check().unwrap_err();
        assert_eq!(error.key, "wordpress_folder", "{folder:?}");
    }
    platform.wordpress_folder = "/srv/it's a site".into();
    assert_eq!(platform.check(), Ok(()));
    let script = ScriptName::parse("warm-up").unwrap();
    platform.scripts.insert(script, String::new());
    assert_eq!(platform.check().unwrap_err().key, "scripts");
}
