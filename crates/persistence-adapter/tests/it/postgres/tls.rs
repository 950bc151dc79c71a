//! Encrypted connections: verified or none.

use super::{open, options};
use domain::ports::ReadModel;
use persistence_adapter::{Database, DatabaseOptions, OpenError, PostgresOptions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use testkit::certificates::SelfSigned;
use testkit::postgres::{PostgresOptions as ServerOptions, PostgresServer};

/// Readable by the server's user.
fn make_certificate(folder: &Path) -> SelfSigned {
    let made = SelfSigned::make(folder, "postgres");
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("ours");
    };
    mode(folder, 0o755);
    let key = &made.key;
    if rustix::process::geteuid().is_root() {
        let accounts = std::fs::read_to_string("/etc/passwd").expect("every machine has accounts");
        let group = ["postgres:", "nobody:"].iter().find_map(|name| {
            let account = accounts.lines().find(|line| line.starts_with(name))?;
            account.split(':').nth(3)?.parse().ok()
        });
        chown(key, None, group).expect("root may give a file away");
        mode(key, 0o640);
    } else {
        mode(key, 0o600);
    }
    made
}

fn start_server(identity: &SelfSigned) -> PostgresServer {
    PostgresServer::start(ServerOptions {
        settings: vec![
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", identity.certificate.display()),
            format!("ssl_key_file={}", identity.key.display()),
        ],
        ..ServerOptions::default()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_required_encryption_is_verified_by_certificate_and_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let identity = make_certificate(folder.path());
    let server = start_server(&identity);
    let certificate = std::fs::read(&identity.certificate).expect("made above");
    let url = format!("{}?sslmode=require", server.url("postgres"));
    let by_name = url.replace("127.0.0.1", "localhost");
    let trusting = |url: &str| PostgresOptions {
        root_certificates_pem: Some(certificate.clone()),
        ..options(url)
    };
    let database = open(trusting(&by_name)).await;
    database.ping().await.expect("an answer");
    let encrypted = super::raw::Raw::connect(&server.url("postgres")).await;
    let count = "SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) \
                 WHERE a.application_name = 'windlass' AND NOT s.ssl";
    assert_eq!(encrypted.number(count).await, 0);
    for refused in [options(&by_name), trusting(&url)] {
        let opened = Database::open(DatabaseOptions::Postgres(refused), crate::sealer()).await;
        assert!(matches!(opened.map(drop), Err(OpenError::Unavailable(_))));
    }
}

/// A mode that is stricter by name is not silently a weaker one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_encryption_is_refused_when_encryption_is_required() {
    let url = PostgresServer::shared().create_database();
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{url}?sslmode={mode}");
        let opened =
            Database::open(DatabaseOptions::Postgres(options(&url)), crate::sealer()).await;
        assert!(
            matches!(opened.map(drop), Err(OpenError::Unavailable(_))),
            "{mode}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_malformed_url_is_not_repeated() {
    let opened = Database::open(
        DatabaseOptions::Postgres(options("postgres://u:hunter2@h:x/")),
        crate::sealer(),
    );
    let error = opened.await.map(drop).expect_err("malformed");
    assert!(matches!(error, OpenError::InvalidUrl));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
