//! Names that visitors use for an environment.

use super::done;
use crate::support::{Simulated, account, short_domain, ticket};
use domain::names::ExternalDomain;
use domain::ports::{MutationOutcome, ObservedDomain, PlatformDomains, RefusalClass};

fn domain() -> ExternalDomain {
    ExternalDomain::parse("www.xn--bcher-kva.example.com").unwrap()
}

async fn is_free(simulated: &Simulated) -> bool {
    let (account, domain) = (account(), domain());
    let check = simulated.platforms.is_domain_free(&account, &domain);
    check.await.unwrap()
}

async fn listed(simulated: &Simulated) -> Vec<ObservedDomain> {
    let (account, shop) = (account(), short_domain());
    let list = simulated.platforms.list_domains(&account, &shop);
    list.await.unwrap()
}

#[tokio::test]
async fn a_bound_domain_is_listed_and_no_longer_free() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    assert!(is_free(&simulated).await);
    let bind = platforms
        .bind_domain(&account, ticket(2), &shop, &domain())
        .await;
    done(bind);
    assert!(!is_free(&simulated).await);
    let expected = ObservedDomain {
        domain: domain().as_str().to_owned(),
        has_certificate: Some(false),
    };
    assert_eq!(listed(&simulated).await, [expected]);
}

#[tokio::test]
async fn a_busy_domain_leaves_open_who_has_it() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let first = platforms
        .bind_domain(&account, ticket(2), &shop, &domain())
        .await;
    done(first);
    let second = platforms
        .bind_domain(&account, ticket(3), &shop, &domain())
        .await;
    let MutationOutcome::MaybeApplied {
        answer: Some(answer),
        ..
    } = second
    else {
        panic!("{second:?}");
    };
    assert_eq!(
        (answer.result, answer.class),
        (2330, RefusalClass::DomainBusy)
    );
}

#[tokio::test]
async fn a_domain_is_taken_off_once() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let bind = platforms
        .bind_domain(&account, ticket(2), &shop, &domain())
        .await;
    done(bind);
    let unbind = platforms
        .unbind_domain(&account, ticket(3), &shop, &domain())
        .await;
    done(unbind);
    assert!(is_free(&simulated).await);
    assert_eq!(listed(&simulated).await, []);
    let again = platforms
        .unbind_domain(&account, ticket(4), &shop, &domain())
        .await;
    let MutationOutcome::MaybeApplied {
        answer: Some(answer),
        ..
    } = again
    else {
        panic!("{again:?}");
    };
    assert_eq!(
        (answer.result, answer.class),
        (2322, RefusalClass::NotFound)
    );
}
