//! Encrypted connections: verified or none.

use super::{open, options};
use domain::ports::ReadModel;
use persistence_adapter::{Database, DatabaseOptions, OpenError, PostgresOptions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use testkit::postgres::{PostgresOptions as ServerOptions, PostgresServer};

/// A certificate for `localhost` that vouches for itself, readable by the server's user.
fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .output()
        .expect("openssl comes with Debian's PostgreSQL");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("ours");
    };
    mode(folder, 0o755);
    let key = folder.join("key.pem");
    if rustix::process::geteuid().is_root() {
        let accounts = std::fs::read_to_string("/etc/passwd").expect("every machine has accounts");
        let group = ["postgres:", "nobody:"].iter().find_map(|name| {
            let account = accounts.lines().find(|line| line.starts_with(name))?;
            account.split(':').nth(3)?.parse().ok()
        });
        chown(&key, None, group).expect("root may give a file away");
        mode(&key, 0o640);
    } else {
        mode(&key, 0o600);
    }
}

fn start_server(folder: &Path) -> PostgresServer {
    let path = |name: &str| folder.join(name).display().to_string();
    PostgresServer::start(ServerOptions {
        settings: vec![
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", path("certificate.pem")),
            format!("ssl_key_file={}", path("key.pem")),
        ],
        ..ServerOptions::default()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_required_encryption_is_verified_by_certificate_and_name() {
    let folder = tempfile::tempdir().expect("a folder");
    make_certificate(folder.path());
    let server = start_server(folder.path());
    let certificate = std::fs::read(folder.path().join("certificate.pem")).expect("made above");
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
