use super::{ChangeVariables, ChangeVariablesCommand, VariablesChange};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, custody, demands, fitting, node_id, owner, showing_layers,
    target, team, team_key,
};
use crate::workflows::payloads::{SealedVariables, SetVariablesPayload, decode};
use domain::SecretText;
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::VariableName;
use domain::ports::MockTransaction;
use std::collections::BTreeMap;
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> ChangeVariables {
    ChangeVariables {
        acceptance: acceptance(transactions, showing_layers(&["cp"]), wakes),
        custody: custody(),
    }
}

fn name() -> VariableName {
    VariableName::parse("API_KEY").unwrap()
}

fn values(value: &str) -> BTreeMap<VariableName, SecretText> {
    BTreeMap::from([(name(), SecretText::new(value.to_owned()))])
}

fn command(target: EnvironmentTarget, change: VariablesChange) -> ChangeVariablesCommand {
    ChangeVariablesCommand {
        target,
        node: node_id(),
        change,
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::VariablesManage, |actor, target| async move {
        let command = command(target, VariablesChange::Add(values("s3cret")));
        use_case(Vec::new(), 0).run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn values_are_sealed_for_this_one_job_and_no_part_of_what_is_remembered() {
    for (change, kind) in [
        (
            VariablesChange::Add(values("s3cret")),
            JobKind::VariablesAdd,
        ),
        (
            VariablesChange::Replace(values("s3cret")),
            JobKind::VariablesReplace,
        ),
    ] {
        let mut transaction = fitting();
        transaction
            .jobs
            .expect_enqueue_job()
            .withf(move |job, _| job.kind == kind)
            .times(1)
            .returning(|_, _| Ok(()));
        transaction
            .audit
            .expect_append_audit_event()
            .times(1)
            .returning(|_| Ok(()));
        transaction
            .idempotency
            .expect_insert_idempotency_record()
            .withf(|_, record| {
                let text = String::from_utf8(record.fingerprint.clone()).unwrap();
                text.contains("API_KEY") && !text.contains("s3cret")
            })
            .times(1)
            .returning(|_, _| Ok(()));
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], 1)
            .run(&owner(), command(target(), change))
            .await
            .unwrap();
        assert_eq!(commits(&counter), 1);
        let job = accepted.job;
        assert!(!job.payload.0.contains("s3cret"));
        let payload: SetVariablesPayload = decode(&job.payload).unwrap();
        let sealed = payload.sealed.secret();
        let opened = custody().open_job_secret(&team_key(), job.id, team(), &sealed);
        let read = SealedVariables::read(&opened.unwrap()).unwrap();
        assert_eq!(read[&name()].expose(), "s3cret");
    }
}

#[tokio::test]
async fn removing_needs_names_only() {
    let transaction = accepting(JobKind::VariablesRemove);
    let change = VariablesChange::Remove([name()].into());
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), command(target(), change))
        .await
        .unwrap();
    assert_eq!(accepted.job.payload.0, r#"{"node":1,"names":["API_KEY"]}"#);
}

#[tokio::test]
async fn values_that_would_break_the_platforms_file_are_refused() {
    let too_long = "x".repeat(4_097);
    for variables in [BTreeMap::new(), values("two\nlines"), values(&too_long)] {
        let command = command(target(), VariablesChange::Add(variables));
        let error = use_case(Vec::new(), 0).run(&owner(), command).await;
        assert_eq!(error.unwrap_err().code(), ErrorCode::ValidationFailed);
    }
}
