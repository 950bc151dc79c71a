//! Variables of containers.

use super::{done, node_of};
use crate::support::{Simulated, account, short_domain, ticket};
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::VariableName;
use domain::ports::PlatformVariables;
use std::collections::{BTreeMap, BTreeSet};

const HOSTILE: &str = "a&b=c;d+e%f \"'\\ {x} äöü€";

fn name(name: &str) -> VariableName {
    VariableName::parse(name).unwrap()
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<VariableName, SecretText> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| (name(key), SecretText::new((*value).to_owned())))
        .collect()
}

/// The variables of a node without `PATH`, which every container has, and whether it has it.
async fn read(simulated: &Simulated, node: PlatformNodeId) -> (Vec<(String, String)>, bool) {
    let (account, shop) = (account(), short_domain());
    let read = simulated.platforms.read_variables(&account, &shop, node);
    let mut variables = read.await.ok().unwrap();
    let has_path = variables.remove("PATH").is_some();
    let variables = variables
        .into_iter()
        .map(|(name, value)| (name, value.expose().to_owned()))
        .collect();
    (variables, has_path)
}

fn texts(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn added_variables_leave_others_alone() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let first = values(&[("A", "1"), ("DB_PASSWORD", "old")]);
    let second = values(&[("DB_PASSWORD", HOSTILE)]);
    for (number, variables) in [(2, &first), (3, &second), (4, &second)] {
        let add = platforms.add_variables(&account, ticket(number), &shop, node, variables);
        done(add.await);
    }
    let expected = texts(&[("A", "1"), ("DB_PASSWORD", HOSTILE)]);
    assert_eq!(read(&simulated, node).await, (expected, true));
    let other = node_of(&simulated, "sqldb").await;
    assert_eq!(read(&simulated, other).await, (Vec::new(), true));
}

#[tokio::test]
async fn replaced_variables_are_the_only_ones() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let before = values(&[("A", "1")]);
    let add = platforms.add_variables(&account, ticket(2), &shop, node, &before);
    done(add.await);
    let after = values(&[("B", HOSTILE)]);
    for number in [3, 4] {
        let replace = platforms.replace_variables(&account, ticket(number), &shop, node, &after);
        done(replace.await);
    }
    let expected = texts(&[("B", HOSTILE)]);
    assert_eq!(read(&simulated, node).await, (expected, false));
}

#[tokio::test]
async fn removed_variables_are_gone_and_missing_ones_do_not_matter() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let before = values(&[("A", "1"), ("B", "2")]);
    let add = platforms.add_variables(&account, ticket(2), &shop, node, &before);
    done(add.await);
    let names = BTreeSet::from([name("A"), name("NEVER_THERE")]);
    for number in [3, 4] {
        let remove = platforms.remove_variables(&account, ticket(number), &shop, node, &names);
        done(remove.await);
    }
    assert_eq!(read(&simulated, node).await, (texts(&[("B", "2")]), true));
}
