use super::CheckDomain;
use crate::LiveReads;
use crate::sample::{
    HandClock, demands, environment, environment_id, owner, read_budget, refusal, team,
};
use domain::access::Permission;
use domain::environment::Environment;
use domain::names::ExternalDomain;
use domain::ports::{
    EnvironmentDetails, MockHostResolver, MockHostingPlatform, MockRateLimiter, MockReadModel,
};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

fn domain() -> ExternalDomain {
    ExternalDomain::parse("shop.example.com").unwrap()
}

/// The site answers at `shop.paas.example.net`, which has these addresses, as the domain has its own.
fn use_case(of_site: &'static [&str], of_domain: &'static [&str]) -> CheckDomain {
    checking(
        Some("https://shop.paas.example.net:443/path"),
        of_site,
        of_domain,
    )
}

fn checking(
    site_url: Option<&str>,
    of_site: &'static [&str],
    of_domain: &'static [&str],
) -> CheckDomain {
    let mut resolver = MockHostResolver::new();
    resolver.expect_resolve().returning(move |host| {
        let texts = match host {
            "shop.paas.example.net" => of_site,
            "shop.example.com" => of_domain,
            _ => panic!("{host} is looked up"),
        };
        texts.iter().map(|text| text.parse().unwrap()).collect()
    });
    let environment = Environment {
        site_url: site_url.map(str::to_owned),
        ..environment()
    };
    CheckDomain::new(Arc::new(quiet_reads(environment)), Arc::new(resolver))
}

/// Reads that know this environment.
fn quiet_reads(environment: Environment) -> LiveReads {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_environment()
        .returning(move |asked, id| {
            let is_it = (asked, id) == (environment.team_id, environment.id);
            Ok(is_it.then(|| EnvironmentDetails {
                environment: environment.clone(),
                nodes: Vec::new(),
                installations: Vec::new(),
            }))
        });
    LiveReads::new(
        Arc::new(MockHostingPlatform::default()),
        Arc::new(read_model),
        Arc::new(HandClock::default()),
        read_budget(),
    )
}

#[tokio::test]
async fn a_domain_leads_here_when_it_shares_an_address_with_the_site() {
    let place = (team(), environment_id());
    for (of_site, of_domain, leads_here) in [
        (&["9.9.9.9"] as &[&str], &["9.9.9.9"] as &[&str], true),
        (&["9.9.9.9", "2a00::1"], &["1.1.1.1", "2a00::1"], true),
        (&["10.0.0.1"], &["10.0.0.1"], true),
        (&["9.9.9.9"], &["1.1.1.1"], false),
        (&["9.9.9.9"], &[], false),
        (&[], &[], false),
    ] {
        let checked = use_case(of_site, of_domain);
        let checked = checked.run(&owner(), place, &domain()).await.unwrap();
        assert_eq!(checked.leads_here, leads_here, "{of_site:?} {of_domain:?}");
        assert_eq!(checked.target.as_deref(), Some("shop.paas.example.net"));
    }
    demands(Permission::EnvironmentView, |actor, target| async move {
        let place = (target.team_id, target.environment_id);
        use_case(&[], &[]).run(&actor, place, &domain()).await
    })
    .await;
}

#[tokio::test]
async fn addresses_inside_the_house_are_not_told() {
    let checked = use_case(&["10.0.0.1"], &["10.0.0.1", "127.0.0.1", "9.9.9.9"]);
    let place = (team(), environment_id());
    let checked = checked.run(&owner(), place, &domain()).await.unwrap();
    let public: IpAddr = "9.9.9.9".parse().unwrap();
    assert_eq!(checked.addresses, [public]);
}

#[tokio::test]
async fn a_team_does_not_look_names_up_without_end() {
    let mut limiter = MockRateLimiter::new();
    limiter
        .expect_take()
        .withf(|demands| demands[0].subject == team().to_string())
        .returning(|demands| vec![demands[0].policy.not_counted(Duration::from_mins(1))]);
    let mut reads = quiet_reads(environment());
    reads.budget.limiter = Arc::new(limiter);
    // No name is expected to be looked up.
    let check = CheckDomain::new(Arc::new(reads), Arc::new(MockHostResolver::new()));
    let place = (team(), environment_id());
    let refused = check.run(&owner(), place, &domain()).await;
    assert_eq!(refusal(refused), ("platform-budget-spent", None));
}

#[tokio::test]
async fn nothing_leads_to_what_does_not_stand_yet() {
    let checked = checking(None, &[], &["9.9.9.9"]);
    let place = (team(), environment_id());
    let checked = checked.run(&owner(), place, &domain()).await.unwrap();
    assert_eq!((checked.target, checked.leads_here), (None, false));
}
