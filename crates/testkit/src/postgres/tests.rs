use super::{PostgresOptions, PostgresServer};
use crate::wait::until_blocking;
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

fn query(url: &str, sql: &str) -> Result<String, String> {
    let programs = crate::environment::postgres_program_folder().unwrap();
    let output = Command::new(programs.join("psql"))
        .args(["-X", "-A", "-t", "-d", url, "-c", sql])
        .env("PGCONNECT_TIMEOUT", "5")
        .output()
        .unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn what_was_committed_is_there_after_a_crash_and_restart_on_the_same_port() {
    let mut server = PostgresServer::start(PostgresOptions::default());
    let database = server.create_database();
    query(
        database.as_str(),
        "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)",
    )
    .unwrap();
    server.stop_immediately();
    assert!(query(database.as_str(), "SELECT 1").is_err());
    server.restart();
    assert_eq!(
        query(database.as_str(), "SELECT n FROM kept").unwrap(),
        "42"
    );
}

#[test]
fn only_a_durable_server_waits_for_the_disk() {
    let options = PostgresOptions {
        is_durable: true,
        settings: vec!["work_mem=5MB".to_owned()],
    };
    let server = PostgresServer::start(options);
    let url = server.url("postgres");
    assert_eq!(query(&url, "SHOW fsync").unwrap(), "on");
    assert_eq!(query(&url, "SHOW work_mem").unwrap(), "5MB");
}

#[test]
fn a_paused_server_answers_nothing_until_it_is_resumed() {
    let mut server = PostgresServer::start(PostgresOptions::default());
    let url = server.url("postgres");
    server.pause();
    let mut asking = Command::new(
        super::environment::postgres_program_folder()
            .unwrap()
            .join("psql"),
    )
    .args(["-X", "-d", &url, "-c", "SELECT 1"])
    .stdout(std::process::Stdio::null())
    .spawn()
    .unwrap();
    assert!(!server.is_ready());
    assert!(asking.try_wait().unwrap().is_none());
    server.resume();
    let status = until_blocking("the answer comes", SOON, || asking.try_wait().unwrap());
    assert!(status.success());
}

#[test]
fn every_test_gets_an_empty_database_of_its_own_from_the_shared_server() {
    let first = PostgresServer::shared().create_database();
    let second = PostgresServer::shared().create_database();
    query(first.as_str(), "CREATE TABLE mine (n int)").unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(query(first.as_str(), tables).unwrap(), "1");
    assert_eq!(query(second.as_str(), tables).unwrap(), "0");
}

#[tokio::test]
async fn what_is_copied_is_prepared_once() {
    let original = format!("original_{}", std::process::id());
    let prepare = async |url: &super::DatabaseUrl| {
        query(url.as_str(), "CREATE TABLE prepared (n int)").unwrap();
    };
    let first = PostgresServer::shared().create_copy(&original, prepare);
    let first = first.await;
    let not_again = async |_: &super::DatabaseUrl| panic!("it is there already");
    let second = PostgresServer::shared().create_copy(&original, not_again);
    let second = second.await;
    query(first.as_str(), "INSERT INTO prepared VALUES (1)").unwrap();
    for (url, rows) in [(first, "1"), (second, "0")] {
        let count = query(url.as_str(), "SELECT count(*) FROM prepared").unwrap();
        assert_eq!(count, rows);
    }
}
