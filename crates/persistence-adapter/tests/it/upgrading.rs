//! A database of the version before there were people: what is in it stays, and gets what it needs.

use crate::postgres::raw::Raw;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use domain::access::RoleKind;
use domain::audit::AuditOutcome;
use domain::ids::{EntityId as _, TeamId};
use domain::platform_account::PlatformAccountState;
use domain::sealed::SealedSecret;
use testkit::builders;
use testkit::contracts::Store;
use testkit::contracts::audit::{append, chain};
use testkit::postgres::PostgresServer;
use uuid::Uuid;

const OLDER: u128 = 0x019b_0000_0000_7000_8000_0000_0000_0001;
const YOUNGER: u128 = 0x019b_0000_0001_7000_8000_0000_0000_0002;

macro_rules! old_migrations {
    ($dialect:literal) => {
        old_migrations!($dialect, "0001_teams", "0002_platform_accounts", "0003_environments",
            "0004_jobs", "0005_job_queue", "0006_requests_and_audit", "0007_processes")
    };
    ($dialect:literal, $($name:literal),*) => {
        concat!($(include_str!(concat!("../../migrations/", $dialect, "/", $name, "/up.sql")),)*)
    };
}

/// What the old version noted about the migrations it had run.
const HISTORY: &str = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY \
     NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
     INSERT INTO __diesel_schema_migrations (version) VALUES ('0001'), ('0002'), ('0003'), \
     ('0004'), ('0005'), ('0006'), ('0007');";

/// Rows as the old version wrote them. `bytes` are `\x…` on PostgreSQL and `x'…'` on SQLite.
fn old_rows(id: impl Fn(u128) -> String, bytes: impl Fn(&str) -> String, time: &str) -> String {
    let (older, younger) = (id(OLDER), id(YOUNGER));
    let (account, job, token) = (id(3), id(4), id(5));
    let (key, secret) = (bytes("01046d6b5f31aabb"), bytes("0102"));
    format!(
        "INSERT INTO teams VALUES ({older}, 'Older', {time}), ({younger}, 'Younger', {time}); \
         INSERT INTO team_keys VALUES ({older}, {key}); \
         INSERT INTO api_tokens VALUES ({token}, {older}, 'old', 'pepper-1', {secret}, 'job.view', \
             {time}, {time}, NULL); \
         INSERT INTO platform_accounts VALUES ({account}, {older}, 'example', 'password', {secret}, \
             NULL, 1, 'connected', 7, 'not_needed', {time}, {time}, 1); \
         INSERT INTO platform_sessions VALUES ({account}, 1, 3, {secret}, NULL, NULL); \
         INSERT INTO jobs (team_id, id, kind, kind_version, state, principal, payload, percent, \
             steps_done, steps_total, is_cancel_requested, created_at, log_sequence, version) \
         VALUES ({older}, {job}, 'environment.start', 1, 'succeeded', 'system', '{{}}', 100, 1, 1, \
             FALSE, {time}, 0, 1); \
         INSERT INTO audit_trails VALUES ({older}, 1); \
         INSERT INTO audit_events VALUES ({older}, 1, {job}, {time}, 'system', 'job.run', 'x', \
             'failed', NULL, NULL, NULL);"
    )
}

/// What the new version finds.
async fn everything_is_there(store: &Store) {
    let [older, younger] = [OLDER, YOUNGER].map(|id| TeamId::from_uuid(Uuid::from_u128(id)));
    let read = &store.read_model;
    for team in [older, younger] {
        let found = read.find_team(team).await.expect("read").expect("the team");
        assert_eq!((found.version, found.suspended_at), (1, None));
        let page = domain::page::PageRequest::new(0, None);
        let roles = read.list_roles(team, page).await.expect("read").items;
        let kinds: Vec<_> = roles.iter().map(|role| role.kind).collect();
        assert_eq!(kinds, RoleKind::BUILT_IN, "in the order of rank");
        for role in roles {
            assert_eq!(role.id.as_uuid().get_version_num(), 7);
            assert_eq!(role.name.as_str(), role.kind.as_str());
        }
    }
    let counts = read.count_keys_by_master_key().await.expect("read");
    assert_eq!(counts, [("mk_1".to_owned(), 1)]);
    let account = read.find_platform_account(older).await.expect("read");
    let account = account.expect("the account");
    assert_eq!(account.state, PlatformAccountState::Connected);
    assert_eq!(account.sealed_credential, SealedSecret(vec![1, 2]));
    let session = read.find_session(older, account.id).await.expect("read");
    let (session, _) = session.expect("the session");
    assert_eq!(
        (session.generation, session.sealed_key.is_some()),
        (3, true)
    );
    let job = domain::ids::JobId::from_uuid(Uuid::from_u128(4));
    let job = read
        .find_job(older, job)
        .await
        .expect("read")
        .expect("the job")
        .job;
    assert_eq!(
        job.required_permissions,
        domain::access::PermissionSet::NONE
    );
    let hash = domain::people::TokenHash {
        pepper_id: "pepper-1".to_owned(),
        mac: vec![1, 2],
    };
    let token = read.find_token_access(&[hash]).await.expect("read");
    assert_eq!(token, None, "a token of nobody opens nothing");
    append(store, &[builders::audit_event(&*store.ids, older)]).await;
    let lines = chain(store, Some(older)).await;
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (lines[0].event.outcome, &lines[0].seal),
        (AuditOutcome::Failed, &None)
    );
    assert!(lines[1].seal.is_some());
    let role = store.built_in_role(older, RoleKind::Owner).await;
    let owner = store.person().await;
    store
        .join(older, owner.id, role.id)
        .await
        .expect("an owner for an old team");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_database_keeps_its_rows_on_postgres() {
    let url = PostgresServer::shared().create_database();
    let raw = Raw::connect(url.as_str()).await;
    let id = |id: u128| format!("'{}'", Uuid::from_u128(id));
    let bytes = |hex: &str| format!("'\\x{hex}'");
    let rows = old_rows(id, bytes, "now()");
    for sql in [old_migrations!("postgres"), HISTORY, &rows] {
        raw.execute(sql).await.expect("the old version wrote this");
    }
    let store = Store::new(crate::postgres::open(crate::postgres::options(url.as_str())).await);
    everything_is_there(&store).await;
    let refused = raw.execute("DELETE FROM audit_events").await;
    assert!(refused.is_err(), "the trail is as protected as before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_database_keeps_its_rows_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.sqlite");
    let mut raw = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("opened");
    let id = |id: u128| format!("x'{}'", Uuid::from_u128(id).simple());
    let bytes = |hex: &str| format!("x'{hex}'");
    let rows = old_rows(id, bytes, "1767323045678901");
    for sql in [old_migrations!("sqlite"), HISTORY, &rows] {
        raw.batch_execute(sql).expect("the old version wrote this");
    }
    let store = Store::new(crate::sqlite::open(&folder).await);
    everything_is_there(&store).await;
    let refused = raw.batch_execute("DELETE FROM audit_events");
    assert!(refused.is_err(), "the trail is as protected as before");
}

/// The building of an index beside writers was broken off: what is left of it is never used, and is made anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_was_never_finished_is_built_again() {
    let url = PostgresServer::shared().create_database();
    let database = crate::postgres::open(crate::postgres::options(url.as_str())).await;
    let raw = Raw::connect(url.as_str()).await;
    let broken_off = "UPDATE pg_index SET indisvalid = false \
                      WHERE indexrelid = 'jobs_needing_attention'::regclass; \
                      DELETE FROM __diesel_schema_migrations WHERE version = '0024'";
    raw.execute(broken_off).await.expect("as it is left");
    let report = database.migrate().await.expect("migrated");
    assert_eq!(report.applied, ["0024"]);
    let valid = "SELECT count(*) FROM pg_index \
                 WHERE indexrelid = 'jobs_needing_attention'::regclass AND indisvalid";
    assert_eq!(raw.number(valid).await, 1);
}
