//! Packages, add-ons and their actions.

use super::done;
use crate::support::{Simulated, account, package, short_domain, ticket};
use domain::ports::{MutationOutcome, PlatformSoftware, RefusalClass};
use domain::software::Addon;
use virtuozzo_simulator::World;

#[tokio::test]
async fn installing_a_package_shows_in_the_installations() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let before = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(before, []);
    let outcome = platforms
        .install_package(&account(), ticket(2), &short_domain(), &package())
        .await;
    let name = done(outcome).unique_name.unwrap();
    let after = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(after, [name]);
}

#[tokio::test]
async fn an_offered_add_on_is_available() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    assert!(platforms.is_addon_configured(&account(), Addon::Sftp));
    assert!(!platforms.is_addon_configured(&account(), Addon::LetsEncrypt));
    let account = account();
    let sftp = platforms
        .is_addon_available(&account, &short_domain(), Addon::Sftp)
        .await;
    assert_eq!(sftp, Ok(true));
    let unmapped = platforms
        .is_addon_available(&account, &short_domain(), Addon::LetsEncrypt)
        .await;
    assert_eq!(unmapped, Ok(false));
}

#[tokio::test]
async fn installing_and_uninstalling_an_add_on_shows_in_the_installations() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let outcome = platforms
        .install_addon(&account(), ticket(2), &short_domain(), Addon::Sftp)
        .await;
    let name = done(outcome).unique_name.unwrap();
    let installed = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(installed, std::slice::from_ref(&name));
    done(platforms.uninstall(&account(), ticket(3), &name).await);
    let left = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(left, []);
}

#[tokio::test]
async fn a_mutation_of_an_unknown_environment_is_refused() {
    let simulated = Simulated::start(World::example()).await;
    let outcome = simulated
        .platforms
        .install_package(&account(), ticket(1), &short_domain(), &package())
        .await;
    match outcome {
        MutationOutcome::Refused(refusal) => assert_eq!(refusal.class, RefusalClass::NotFound),
        MutationOutcome::MaybeApplied { answer, .. } => {
            assert_eq!(answer.map(|answer| answer.result), Some(11));
        }
        _ => panic!("the environment does not exist"),
    }
}
