use super::*;
use crate::endpoint::{Endpoint, Service};

fn platform(base_url: &str) -> PlatformConfiguration {
    let name = PlatformName::parse("example").expect("a valid name");
    PlatformConfiguration::new(name, base_url)
}

fn mbadmin(source: &str, action: &str, parameters: &[(&str, &str)]) -> MbadminMapping {
    let parameters = parameters.iter().map(|(ours, theirs)| {
        let ours = ParameterName::parse(ours).expect("a valid name");
        (ours, (*theirs).to_owned())
    });
    let mapping = ActionMapping {
        action: action.into(),
        parameters: parameters.collect(),
    };
    let flush = MbadminAction::parse("redis.flush").expect("an action");
    MbadminMapping {
        package: PackageSpec {
            source: source.into(),
            node_group: None,
            settings: BTreeMap::new(),
        },
        actions: BTreeMap::from([(flush, mapping)]),
    }
}

#[test]
fn a_whole_mapping_of_mbadmin_is_right() {
    let mut platform = platform("https://app.example.com");
    platform.mbadmin = Some(mbadmin("p", "flush", &[("ttl", "x"), ("size", "y")]));
    assert_eq!(platform.check(), Ok(()));
}

#[test]
fn names_of_the_actions_of_the_backup_addon_are_checked() {
    type Change = fn(&mut RestoreMapping);
    let mut platform = platform("https://app.example.com");
    platform.backups.create = Some(String::new());
    let wrong = platform.check().unwrap_err();
    assert_eq!(wrong.key, "addons.backup.actions.create.action");
    platform.backups.create = Some("makeBackup".into());
    assert_eq!(platform.check(), Ok(()));
    let cases: [(&str, Change); 2] = [
        ("restore.action", |it| it.action.clear()),
        ("restore.parameters.snapshot", |it| it.snapshot.clear()),
    ];
    for (key, change) in cases {
        let mut restore = RestoreMapping {
            action: "restoreBackup".into(),
            snapshot: "exampleSnapshot".into(),
        };
        change(&mut restore);
        platform.backups.restore = Some(restore);
        let wrong = platform.check().unwrap_err();
        assert_eq!(wrong.key, format!("addons.backup.actions.{key}"));
    }
}

#[test]
fn paths_are_joined_whatever_the_root_ends_in() {
    for root in [
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/1.0",
        "https://app.example.com/1.0/",
        "https://app.example.com//",
        "https://app.example.com/1.0///",
        "https://app.example.com/a/../1.0",
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
        ("https://user@app.example.com", "user or a password"),
        ("https://@app.example.com", "user or a password"),
        ("https://:@app.example.com/1.0", "user or a password"),
        ("https:/user@app.example.com", "user or a password"),
        ("https://app.example.com?", "query"),
        ("https://app.example.com/1.0#", "fragment"),
        ("https://app.exam\nple.com", "control characters"),
        ("https://app.example.com/\t1.0", "control characters"),
        ("https://app.example.com/\u{0}", "control characters"),
        (" https://app.example.com", "blanks"),
        ("https://app.example.com ", "blanks"),
        ("https://app.example.com\\@other.example.com", "backslashes"),
        ("", "absolute"),
        ("https://app.example.com/?session=1", "query"),
        ("https://app.example.com/#top", "fragment"),
    ];
    for (root, rule) in cases {
        let Err(error) = platform(root).resolve() else {
            panic!("{root:?} must be refused");
        };
        assert_eq!(
            (error.platform.as_str(), error.key),
            ("example", "base_url")
        );
        assert!(error.rule.contains(rule), "{root}: {error}");
    }
}

#[test]
fn a_wrong_root_of_a_service_names_its_own_key() {
    type Root = fn(&mut ServiceUrls) -> &mut Option<String>;
    let cases: [(&str, Root); Service::ALL.len()] = [
        ("service_urls.environment", |it| &mut it.environment),
        ("service_urls.marketplace", |it| &mut it.marketplace),
        ("service_urls.binder", |it| &mut it.binder),
        ("service_urls.script", |it| &mut it.script),
        ("service_urls.signin", |it| &mut it.signin),
        ("service_urls.billing", |it| &mut it.billing),
    ];
    for (key, root) in cases {
        let mut elsewhere = platform("https://app.example.com");
        *root(&mut elsewhere.service_urls) = Some("http://elsewhere.example.com".into());
        assert_eq!(elsewhere.check().unwrap_err().key, key);
    }
}

#[test]
fn what_is_wrong_with_a_root_does_not_repeat_it() {
    let error = platform("https://owner:example-password@app.example.com")
        .check()
        .unwrap_err();
    assert!(!error.to_string().contains("example-password"), "{error}");
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
    let cases: [(&str, Change); 18] = [
        ("answer_timeouts.medium", |it| {
            it.answer_timeouts.medium = Duration::ZERO;
        }),
        ("answer_timeouts.long", |it| {
            it.answer_timeouts.long = Duration::ZERO;
        }),
        ("answer_rate.measured_over", |it| {
            it.answer_rate.measured_over = Duration::ZERO;
        }),
        ("breaker.open_for", |it| {
            it.breaker.open_for = Duration::ZERO;
        }),
        ("retry_backoff", |it| {
            it.retry_backoff = Duration::from_mins(1);
        }),
        ("trusted_ca_pem", |it| {
            it.trusted_ca_pem = Some("no certificate".into());
        }),
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
        ("mbadmin.source", |it| {
            it.mbadmin = Some(mbadmin("", "flush", &[]));
        }),
        ("mbadmin.actions", |it| {
            it.mbadmin = Some(mbadmin("p", "", &[]));
        }),
        ("mbadmin.actions", |it| {
            it.mbadmin = Some(mbadmin("p", "flush", &[("ttl", "")]));
        }),
        ("mbadmin.actions", |it| {
            it.mbadmin = Some(mbadmin("p", "flush", &[("ttl", "x"), ("size", "x")]));
        }),
    ];
    for (key, change) in cases {
        let mut changed = platform("https://app.example.com");
        change(&mut changed);
        let error = changed.check().unwrap_err();
        assert_eq!(error.key, key);
        let expected = format!("`platforms.example.{key}` ");
        assert!(error.to_string().starts_with(&expected), "{error}");
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
