use super::{Configuration, DatabaseTarget, MailWay, Sources, keys};
use application::Registration;
use domain::names::{ParameterName, ScriptName};
use domain::software::{Addon, MbadminAction};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const EXAMPLE: &str = include_str!("../../../../deploy/windlass.example.toml");
const PLATFORM: &str = "[[platforms]]\nname = \"p\"\nbase_url = \"https://app.example.com\"\n";

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
fn finished_jobs_are_kept_for_ninety_days_or_as_long_as_is_set() {
    let kept = |file_text| {
        let configuration = Configuration::read(&sources(file_text, &[]));
        configuration.expect("right").jobs_kept
    };
    assert_eq!(kept(""), Duration::from_hours(2160));
    assert_eq!(
        kept("[retention]\njobs = \"24h\"\n"),
        Duration::from_hours(24)
    );
}

#[test]
fn events_are_kept_for_thirty_days_or_as_long_as_is_set_and_never_less_than_a_day() {
    let kept = |file_text| {
        let configuration = Configuration::read(&sources(file_text, &[]));
        configuration.expect("right").events_kept
    };
    assert_eq!(kept(""), Duration::from_hours(720));
    let set = "[retention]\nevents = \"48h\"\n";
    assert_eq!(kept(set), Duration::from_hours(48));
    let refused = refusal("[retention]\nevents = \"23h\"\n", &[]);
    assert!(refused.contains("retention.events"), "{refused}");
}

#[test]
fn what_the_command_line_of_users_reads_is_no_setting_and_no_mistake() {
    let own = [
        ("WINDLASS_SERVER", "https://windlass.example.com"),
        ("WINDLASS_TEAM", "team_1"),
        ("WINDLASS_TOKEN", "wdl_api_1"),
    ];
    assert!(Configuration::read(&sources("", &own)).is_ok());
    let misspelt = refusal("", &[("WINDLASS_TOKENS", "x")]);
    assert!(misspelt.contains("WINDLASS_TOKENS"), "{misspelt}");
}

#[test]
fn without_any_setting_mails_go_into_a_folder_and_links_lead_to_this_machine() {
    let configuration = Configuration::read(&sources("", &[])).expect("defaults are right");
    let MailWay::Outbox(folder) = &configuration.mail.way else {
        panic!("a mail server without any setting");
    };
    assert_eq!(*folder, configuration.data_dir.join("outbox"));
    let accounts = &configuration.accounts;
    assert_eq!(accounts.public_url, "http://127.0.0.1:7780");
    assert_eq!(accounts.registration, Registration::Open);
    assert!(accounts.second_factor_for_owners);
    assert_eq!(accounts.session_idle, Duration::from_hours(1));
}

#[test]
fn accounts_and_mails_are_set_from_file_and_environment() {
    let file = "[http]\nlisten = \"0.0.0.0:80\"\nbehind_proxy = true\n\
                public_url = \"https://windlass.example.com/\"\n\
                [accounts]\nregistration = \"invited\"\nsecond_factor_for_owners = false\n\
                session_idle = \"30m\"\n\
                [mail]\nfrom = \"Windlass <windlass@example.com>\"\n";
    let variables = [(
        "WINDLASS_MAIL_SMTP_URL",
        "smtps://u:hidden@mail.example.com",
    )];
    let configuration = Configuration::read(&sources(file, &variables)).expect("right");
    let accounts = &configuration.accounts;
    assert_eq!(accounts.public_url, "https://windlass.example.com");
    assert_eq!(accounts.registration, Registration::Invited);
    assert!(!accounts.second_factor_for_owners);
    assert_eq!(accounts.session_idle, Duration::from_mins(30));
    let MailWay::Smtp(server) = &configuration.mail.way else {
        panic!("no mail server");
    };
    assert_eq!(
        (server.host.as_str(), server.port),
        ("mail.example.com", 465)
    );
    assert_eq!(configuration.mail.from.domain(), "example.com");
}

#[test]
fn wrong_settings_of_accounts_and_mails_are_named() {
    let open = "[http]\nlisten = \"0.0.0.0:80\"\nbehind_proxy = true\n";
    let smtp = "[mail]\nsmtp_url = \"smtp://u:hidden@mail.example.com\"\n";
    let from = "from = \"a@example.com\"\n";
    let cases = [
        (open.to_owned(), "`http.public_url`"),
        (
            format!("{open}public_url = \"http://windlass.example.com\"\n"),
            "`http.public_url`",
        ),
        (
            "[http]\npublic_url = \"windlass.example.com\"\n".to_owned(),
            "`http.public_url`",
        ),
        (
            "[accounts]\nregistration = \"closed\"\n".to_owned(),
            "`accounts.registration`",
        ),
        (
            "[accounts]\nsession_idle = \"1s\"\n".to_owned(),
            "`accounts.session_idle`",
        ),
        (
            "[accounts]\nsession_idle = \"13h\"\n".to_owned(),
            "`accounts.session_idle`",
        ),
        (
            "[accounts]\nsecond_factor_for_owners = \"maybe\"\n".to_owned(),
            "`accounts.second_factor_for_owners`",
        ),
        ("[mail]\nfrom = \"nobody\"\n".to_owned(), "`mail.from`"),
        (smtp.to_owned(), "`mail.from`"),
        (
            "[mail]\nsmtp_url = \"mail.example.com hidden\"\n".to_owned(),
            "`mail.smtp_url`",
        ),
        (
            format!("{smtp}{from}outbox = \"somewhere\"\n"),
            "`mail.outbox`",
        ),
    ];
    for (file, expected) in cases {
        let said = refusal(&file, &[]);
        assert!(said.starts_with(expected), "{said}");
        assert!(!said.contains("hidden"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn the_example_file_is_right_and_maps_nothing() {
    let configuration = Configuration::read(&sources(EXAMPLE, &[])).expect("the example is right");
    assert!(matches!(
        configuration.database,
        DatabaseTarget::Postgres { pool_size: 16, .. }
    ));
    assert_maps_nothing(&configuration);
    assert_eq!(configuration.blueprints[0].layers.len(), 2);
}

#[test]
fn what_the_example_leaves_out_is_right_too() {
    let is_setting = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
    assert!(EXAMPLE.lines().filter(is_setting).count() > 10);
    let whole: String = EXAMPLE
        .lines()
        .map(|line| if is_setting(&line) { &line[1..] } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    let configuration = Configuration::read(&sources(&whole, &[])).expect("the example is right");
    let platform = &configuration.platforms[0];
    let mapped: BTreeSet<_> = platform.addons.keys().copied().collect();
    assert_eq!(mapped, Addon::ALL.iter().copied().collect());
    let mbadmin = platform.mbadmin.as_ref().expect("a package");
    assert_eq!(
        mbadmin.package.source,
        "https://packages.example.com/mbadmin/manifest.yaml"
    );
    let actions: Vec<_> = mbadmin.actions.keys().map(ToString::to_string).collect();
    assert_eq!(actions, ["redis.flush", "redis.configure"]);
    let configure = MbadminAction::parse("redis.configure").expect("an action");
    let ttl = ParameterName::parse("ttl").expect("a name");
    assert_eq!(mbadmin.actions[&configure].parameters[&ttl], "exampleTtl");
    let warm_up = ScriptName::parse("warm_up").expect("a name");
    assert_eq!(platform.scripts[&warm_up], "example-warm-up");
}

/// No id of add-ons, actions or scripts holds on every platform, so none may come from us.
#[track_caller]
fn assert_maps_nothing(configuration: &Configuration) {
    let platform = &configuration.platforms[0];
    assert!(platform.addons.is_empty());
    assert!(platform.mbadmin.is_none());
    assert!(platform.scripts.is_empty());
}

#[test]
fn nothing_is_mapped_by_default() {
    let configuration = Configuration::read(&sources(PLATFORM, &[])).expect("right");
    assert_maps_nothing(&configuration);
    let package = "[platforms.mbadmin]\nsource = \"some-package\"\n";
    let file = format!("{PLATFORM}{package}");
    let configuration = Configuration::read(&sources(&file, &[])).expect("right");
    let mbadmin = configuration.platforms[0].mbadmin.as_ref();
    assert!(mbadmin.expect("a package").actions.is_empty());
}

#[test]
fn an_unknown_action_is_refused_with_the_twelve_known_ones() {
    let said = refusal(
        &format!(
            "{PLATFORM}[platforms.mbadmin]\nsource = \"x\"\n\
             [platforms.mbadmin.actions.\"redis.explode\"]\naction = \"boom\"\n"
        ),
        &[],
    );
    assert_eq!(
        said,
        "`platforms.p.mbadmin.actions.redis.explode` is not an action; known are redis.enable, \
         redis.disable, redis.flush, redis.configure, relay.enable, relay.disable, relay.flush, \
         relay.configure, opcache.enable, opcache.disable, opcache.flush, opcache.configure"
    );
}

#[test]
fn the_actions_of_the_backup_addon_are_checked_by_key() {
    let addon = "[platforms.addons.backup]\napp_id = \"x\"\n[platforms.addons.backup.actions]\n";
    let cases = [
        (
            "[platforms.addons.sftp]\napp_id = \"x\"\n[platforms.addons.sftp.actions]\n\
             create = { action = \"x\" }\n"
                .to_owned(),
            "`platforms.p.addons.sftp.actions` is not for this add-on; only `backup` has actions",
        ),
        (
            format!("{addon}explode = {{ action = \"x\" }}\n"),
            "`platforms.p.addons.backup.actions.explode` is not an action; known are create, restore",
        ),
        (
            format!("{addon}create = {{ action = \"\" }}\n"),
            "`platforms.p.addons.backup.actions.create.action` must not be empty",
        ),
        (
            format!("{addon}create = {{ action = \"x\", parameters = {{ name = \"y\" }} }}\n"),
            "`platforms.p.addons.backup.actions.create.parameters.name` is not a parameter of this action",
        ),
        (
            format!("{addon}restore = {{ action = \"x\" }}\n"),
            "`platforms.p.addons.backup.actions.restore.parameters.snapshot` must be there",
        ),
        (
            format!("{addon}restore = {{ action = \"x\", parameters = {{ snapshot = \"\" }} }}\n"),
            "`platforms.p.addons.backup.actions.restore.parameters.snapshot` must not be empty",
        ),
    ];
    for (text, expected) in cases {
        let said = refusal(&format!("{PLATFORM}{text}"), &[]);
        assert!(said.starts_with(expected), "{said}");
    }
    let file = format!(
        "{PLATFORM}{addon}create = {{ action = \"one\" }}\n\
         restore = {{ action = \"two\", parameters = {{ snapshot = \"which\" }} }}\n"
    );
    let configuration = Configuration::read(&sources(&file, &[])).expect("right");
    let backups = &configuration.platforms[0].backups;
    assert_eq!(backups.create.as_deref(), Some("one"));
    let restore = backups.restore.as_ref().expect("mapped");
    assert_eq!((&*restore.action, &*restore.snapshot), ("two", "which"));
}

#[test]
fn what_is_mapped_is_checked_by_key() {
    let mbadmin = "[platforms.mbadmin]\nsource = \"x\"\n";
    let action = "[platforms.mbadmin.actions.\"redis.flush\"]\n";
    let cases = [
        (
            "[platforms.mbadmin]\n".to_owned(),
            "`platforms.p.mbadmin`: missing field `source`",
        ),
        (
            format!("{mbadmin}node_grup = \"cp\"\n"),
            "unknown key `platforms.p.mbadmin.node_grup`; did you mean `node_group`?",
        ),
        (
            format!("{mbadmin}node_group = \"c p\"\n"),
            "`platforms.p.mbadmin.node_group` must be 1 to 64 letters",
        ),
        (
            format!("{mbadmin}{action}acton = \"x\"\n"),
            "unknown key `platforms.p.mbadmin.actions.redis.flush.acton`; did you mean `action`?",
        ),
        (
            format!("{mbadmin}{action}action = \"\"\n"),
            "`platforms.p.mbadmin.actions.redis.flush.action` must not be empty",
        ),
        (
            format!("{mbadmin}{action}action = \"x\"\nparameters = {{ \"a b\" = \"c\" }}\n"),
            "`platforms.p.mbadmin.actions.redis.flush.parameters.a b` must be 1 to 64 letters",
        ),
        (
            "[platforms.scripts]\n\"a b\" = \"c\"\n".to_owned(),
            "`platforms.p.scripts.a b` must be 1 to 64 letters",
        ),
        (
            "[platforms.scripts]\nwarm_up = \"\"\n".to_owned(),
            "`platforms.p.scripts.warm_up` must not be empty",
        ),
        (
            "[platforms.script]\nwarm_up = \"x\"\n".to_owned(),
            "unknown key `platforms.p.script`; did you mean `scripts`?",
        ),
        (
            "wordpress_folder = \"srv\"\n".to_owned(),
            "`platforms.p.wordpress_folder`",
        ),
    ];
    for (rest, expected) in cases {
        let said = refusal(&format!("{PLATFORM}{rest}"), &[]);
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
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
    let platform = PLATFORM;
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
    let variables = [("EXTERNAL_AUTH_URL", "https://auth.example.com")];
    let configuration = Configuration::read(&sources(PLATFORM, &variables)).expect("right");
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

#[test]
fn a_quarter_of_the_places_is_left_to_interactive_jobs_unless_somebody_says_otherwise() {
    let places = |file: &str| {
        let worker = Configuration::read(&sources(file, &[]))
            .expect("valid")
            .worker;
        (worker.concurrency, worker.background)
    };
    assert_eq!(places(""), (32, 24));
    assert_eq!(places("[worker]\nconcurrency = 1\n"), (1, 1));
    assert_eq!(
        places("[worker]\nconcurrency = 6\nbackground = 2\n"),
        (6, 2)
    );
    for (file, expected) in [
        ("[worker]\nconcurrency = 0\n", "`worker.concurrency`"),
        ("[worker]\nbackground = 0\n", "`worker.background`"),
        (
            "[worker]\nconcurrency = 2\nbackground = 3\n",
            "must not be more than `worker.concurrency`",
        ),
        ("[jobs]\nat_once_per_team = 0\n", "`jobs.at_once_per_team`"),
        (
            "[jobs]\nat_once_per_platform = -1\n",
            "`jobs.at_once_per_platform`",
        ),
    ] {
        let said = refusal(file, &[]);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn wrong_settings_of_the_network_are_named() {
    let cases = [
        (
            "trusted_proxies = \"10.0.0.0/33\"",
            "`http.trusted_proxies`",
        ),
        ("trusted_proxies = \"192.0.2.1,\"", "`http.trusted_proxies`"),
        (
            "allowed_origins = \"panel.example.com\"",
            "`http.allowed_origins`",
        ),
        (
            "allowed_origins = \"https://panel.example.com/\"",
            "`http.allowed_origins`",
        ),
        ("allowed_origins = \"*\"", "`http.allowed_origins`"),
        (
            "allowed_origins = \"https://Panel.example.com\"",
            "`http.allowed_origins`",
        ),
        ("tls_certificate = \"a.pem\"", "`http.tls_key`"),
        ("tls_key = \"a.pem\"", "`http.tls_certificate`"),
    ];
    for (line, key) in cases {
        let said = refusal(&format!("[http]\n{line}\n"), &[]);
        assert!(said.starts_with(key), "{line}: {said}");
    }
    for limit in ["address", "credential", "team", "jobs"] {
        let said = refusal(&format!("[limits]\n{limit} = 0\n"), &[]);
        assert!(said.starts_with(&format!("`limits.{limit}`")), "{said}");
    }
}

#[test]
fn the_network_is_set_from_the_file() {
    let file = "[http]\nlisten = \"0.0.0.0:443\"\ntls_certificate = \"a.pem\"\ntls_key = \"b.pem\"\n\
                public_url = \"https://windlass.example.com\"\n\
                trusted_proxies = \"192.0.2.1, 10.0.0.0/8,2001:db8::/32\"\n\
                allowed_origins = \"https://panel.example.com, http://localhost:5173\"\n\
                [limits]\nteam = 7\n";
    let configuration = Configuration::read(&sources(file, &[])).expect("right");
    let http = &configuration.http;
    assert_eq!(http.scheme(), "https");
    let networks: Vec<_> = http
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(networks, ["192.0.2.1/32", "10.0.0.0/8", "2001:db8::/32"]);
    assert_eq!(http.allowed_origins.len(), 2);
    assert_eq!(http.allowed_origins[1], "http://localhost:5173");
    assert_eq!(configuration.rate_quotas.team.get(), 7);
    assert_eq!(configuration.rate_quotas.jobs.get(), 120);
}

#[test]
fn where_traces_go_is_checked_and_a_password_in_it_is_not_repeated() {
    let endpoint = "WINDLASS_TRACES_ENDPOINT";
    for wrong in ["ftp://example.com/x", "http://example.com", "example"] {
        let said = refusal("", &[(endpoint, wrong)]);
        assert!(said.contains("`traces.endpoint`"), "{said}");
    }
    let said = refusal(
        "",
        &[(endpoint, "https://owner:hunter2@example.com/v1/traces")],
    );
    assert!(said.contains("`traces.authorization`"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    for wrong in ["2", "-1", "NaN", "much"] {
        let said = refusal("", &[("WINDLASS_TRACES_SAMPLE_RATIO", wrong)]);
        assert!(said.contains("`traces.sample_ratio`"), "{said}");
    }
    let said = refusal("", &[("WINDLASS_TRACES_AUTHORIZATION", "hunter\n2")]);
    assert!(
        said.contains("`traces.authorization`") && !said.contains("hunter"),
        "{said}"
    );
}
