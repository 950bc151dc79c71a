//! Checks the migrations on scratch databases: up, compared with `schema.rs`, down to nothing, up
//! again, and up once more without effect.

use domain::SecretText;
use domain::audit::AuditSeal;
use domain::ports::AuditSealer;
use persistence_adapter::{
    Database, DatabaseOptions, PostgresOptions, SchemaState, SqliteOptions, schema_check,
};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

/// Migrations write no line into any audit trail.
struct NothingToSeal;

impl AuditSealer for NothingToSeal {
    fn seal(&self, _previous: &[u8], _line: &[u8]) -> AuditSeal {
        unreachable!("a migration wrote into an audit trail")
    }

    fn is_right(&self, _previous: &[u8], _line: &[u8], _seal: &AuditSeal) -> bool {
        false
    }
}

type Failure = Box<dyn std::error::Error>;

/// What was checked so far.
#[derive(Default)]
struct Checks {
    count: usize,
    failures: usize,
}

impl Checks {
    fn record(
        &mut self,
        database: &str,
        check: &str,
        problem: Option<&str>,
    ) -> Result<(), Failure> {
        self.count += 1;
        let mut line = format!("{database}: {check}: ");
        match problem {
            None => line.push_str("ok"),
            Some(problem) => {
                self.failures += 1;
                write!(line, "FAILED\n{problem}")?;
            }
        }
        writeln!(std::io::stdout(), "{line}")?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut checks = Checks::default();
    let result = run(&mut checks).await;
    let closing = match &result {
        Ok(()) => format!("{} checks, {} failed", checks.count, checks.failures),
        Err(error) => format!("the migrations cannot be checked: {}", chain(&**error)),
    };
    let is_written = writeln!(std::io::stdout(), "{closing}").is_ok();
    if is_written && result.is_ok() && checks.failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

async fn run(checks: &mut Checks) -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut databases = 0;
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or("every argument takes a value")?;
        let (name, options) = match argument.as_str() {
            "--postgres" => {
                let options = PostgresOptions::new(SecretText::new(value));
                ("PostgreSQL", DatabaseOptions::Postgres(options))
            }
            "--sqlite" => ("SQLite", DatabaseOptions::Sqlite(SqliteOptions::new(value))),
            _ => return Err("usage: migrations-check [--postgres URL] [--sqlite PATH]".into()),
        };
        let database = Database::open(options, Arc::new(NothingToSeal)).await?;
        check(checks, name, database).await?;
        databases += 1;
    }
    if databases == 0 {
        return Err("usage: migrations-check [--postgres URL] [--sqlite PATH]".into());
    }
    Ok(())
}

async fn check(checks: &mut Checks, name: &str, database: Database) -> Result<(), Failure> {
    let before = schema_check::objects(&database).await?;
    if !before.is_empty() {
        return Err(format!("{name}: the scratch database is not empty").into());
    }
    for round in ["up", "up again after down"] {
        let applied = database.migrate().await?.applied;
        let problem = applied.is_empty().then_some("no migration was run");
        checks.record(name, round, problem)?;
        let problem = match schema_check::compare(&database).await {
            Ok(()) => None,
            Err(schema_check::SchemaCheckError::Different(differences)) => Some(
                differences
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(
                        "
",
                    ),
            ),
            Err(error) => return Err(error.into()),
        };
        checks.record(name, "agrees with schema.rs", problem.as_deref())?;
        let repeated = database.migrate().await?.applied;
        let problem = (!repeated.is_empty()).then_some("a second run did something");
        checks.record(name, "a second run does nothing", problem)?;
        let state = database.schema_state().await?;
        let problem = (state != SchemaState::UpToDate).then(|| format!("{state:?}"));
        checks.record(name, "is up to date", problem.as_deref())?;
        if round == "up" {
            database.revert_all().await?;
            let left = schema_check::objects(&database).await?.join(", ");
            checks.record(
                name,
                "down leaves nothing",
                (!left.is_empty()).then_some(&*left),
            )?;
        }
    }
    database.close().await;
    Ok(())
}
