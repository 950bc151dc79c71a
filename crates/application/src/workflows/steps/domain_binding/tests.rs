use super::DomainBinding;
use crate::sample::id;
use crate::workflows::scene::Scene;
use crate::workflows::step::{MutationStep, NotDone};
use crate::workflows::steps::{DesiredState, Reach};
use domain::error_code::ErrorCode;
use domain::names::ExternalDomain;
use domain::ports::{MutationOutcome, ObservedDomain};

fn binding(is_bound: bool) -> DomainBinding {
    DomainBinding {
        domain: ExternalDomain::parse("shop.example.com").unwrap(),
        is_bound,
    }
}

/// These domains are bound to the environment.
fn bound(domains: &'static [&'static str]) -> Scene {
    let mut scene = Scene::default();
    scene
        .platform
        .domains
        .expect_list_domains()
        .returning(|_, _| {
            let observed = |domain: &&str| ObservedDomain {
                domain: (*domain).to_owned(),
                has_certificate: None,
            };
            Ok(domains.iter().map(observed).collect())
        });
    scene
}

#[tokio::test]
async fn a_domain_that_somebody_else_has_fails_before_any_intent() {
    let mut scene = bound(&["other.example.com"]);
    scene
        .platform
        .domains
        .expect_is_domain_free()
        .returning(|_, _| Ok(false));
    let end = Reach(binding(true)).baseline(&scene.context()).await;
    let Err(NotDone::Failed(failure)) = end else {
        panic!("it is taken: {end:?}");
    };
    assert_eq!(failure.code, ErrorCode::DomainTaken);
}

#[tokio::test]
async fn whose_domain_it_is_matters_only_when_it_is_to_be_bound() {
    // No expectation on the question: asking would panic.
    for (scene, wanted) in [
        (bound(&["SHOP.example.com"]), true),
        (bound(&["shop.example.com"]), false),
        (bound(&[]), false),
    ] {
        let baseline = Reach(binding(wanted)).baseline(&scene.context()).await;
        assert!(baseline.is_ok(), "{baseline:?}");
    }
}

#[tokio::test]
async fn binding_and_unbinding_are_each_others_inverse() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.domains;
    platform
        .expect_bind_domain()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_unbind_domain()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    for state in [binding(true), binding(true).inverse(false).unwrap()] {
        let outcome = state.ask(&scene.context(), scene.ticket(id(11))).await;
        assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    }
    assert_eq!(binding(false).inverse(true), Some(binding(true)));
}
