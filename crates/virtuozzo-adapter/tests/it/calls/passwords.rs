//! Passwords of nodes.

use super::{done, node_of};
use crate::support::{Simulated, account, short_domain, ticket};
use domain::SecretText;
use domain::ports::PlatformPasswords;

const HOSTILE: &str = "a&b=c;d+e%f \"'\\ äöü€";

#[tokio::test]
async fn a_node_has_the_password_that_it_was_given() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let password = SecretText::new(HOSTILE.into());
    for number in [2, 3] {
        let reset = platforms.reset_node_password(&account, ticket(number), &shop, node, &password);
        done(reset.await);
    }
    let known = simulated.simulator.node_password(node.0.unsigned_abs());
    assert_eq!(known.as_deref(), Some(HOSTILE));
}

#[tokio::test]
async fn a_container_has_the_password_that_it_was_given() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "sqldb").await;
    let password = SecretText::new(HOSTILE.into());
    for number in [2, 3] {
        let reset =
            platforms.reset_container_password(&account, ticket(number), &shop, node, &password);
        done(reset.await);
    }
    let known = simulated.simulator.node_password(node.0.unsigned_abs());
    assert_eq!(known.as_deref(), Some(HOSTILE));
}
