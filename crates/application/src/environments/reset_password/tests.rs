use super::{ResetPassword, ResetPasswordCommand};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, custody, demands, node_id, owner, showing_layers, target, team,
    team_key,
};
use crate::workflows::payloads::{PasswordOf, PasswordPayload, decode};
use domain::SecretText;
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::ports::MockTransaction;
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> ResetPassword {
    ResetPassword {
        acceptance: acceptance(transactions, showing_layers(&["cp"]), wakes),
        custody: custody(),
    }
}

fn command(target: EnvironmentTarget, password: &str) -> ResetPasswordCommand {
    ResetPasswordCommand {
        target,
        node: node_id(),
        of: PasswordOf::Root,
        password: SecretText::new(password.to_owned()),
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::PasswordReset, |actor, target| async move {
        use_case(Vec::new(), 0)
            .run(&actor, command(target, "new"))
            .await
    })
    .await;
}

#[tokio::test]
async fn the_password_is_stored_sealed_for_this_one_job() {
    let transaction = accepting(JobKind::PasswordReset);
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), command(target(), "n3w"))
        .await
        .unwrap();
    assert_eq!(commits(&counter), 1);
    let job = accepted.job;
    assert!(!job.payload.0.contains("n3w"));
    let payload: PasswordPayload = decode(&job.payload).unwrap();
    let sealed = payload.sealed.secret();
    let opened = custody().open_job_secret(&team_key(), job.id, team(), &sealed);
    assert_eq!(opened.unwrap().expose(), "n3w");
}

#[tokio::test]
async fn passwords_that_cannot_be_are_refused_at_the_door() {
    let too_long = "x".repeat(1_025);
    for password in ["", "two\nlines", &too_long] {
        let error = use_case(Vec::new(), 0)
            .run(&owner(), command(target(), password))
            .await;
        assert_eq!(error.unwrap_err().code(), ErrorCode::ValidationFailed);
    }
}
