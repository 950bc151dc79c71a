//! Groups that environments are sorted into.

use super::{done, observed};
use crate::support::{Simulated, account, short_domain, ticket};
use domain::names::GroupName;
use domain::ports::PlatformGroups;

#[tokio::test]
async fn an_environment_is_in_a_group_that_it_was_attached_to() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let nested = GroupName::parse("Kunden & Söhne/50%+x=1").unwrap();
    let other = GroupName::parse("drafts").unwrap();
    for (number, group) in [(2, &nested), (3, &other), (4, &nested)] {
        let (account, shop) = (account(), short_domain());
        let outcome = platforms.attach_group(&account, ticket(number), &shop, group);
        done(outcome.await);
    }
    let mut groups = observed(&simulated).await.groups;
    groups.sort();
    assert_eq!(groups, [nested.as_str(), other.as_str()]);
}

#[tokio::test]
async fn detaching_twice_is_done_twice() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let group = GroupName::parse("drafts").unwrap();
    let attach = platforms.attach_group(&account, ticket(2), &shop, &group);
    done(attach.await);
    for number in [3, 4] {
        let detach = platforms.detach_group(&account, ticket(number), &shop, &group);
        done(detach.await);
    }
    assert_eq!(observed(&simulated).await.groups, [""; 0]);
}

#[tokio::test]
async fn setting_a_group_leaves_no_other() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let before = GroupName::parse("drafts").unwrap();
    let after = GroupName::parse("live/eu").unwrap();
    let attach = platforms.attach_group(&account, ticket(2), &shop, &before);
    done(attach.await);
    let set = platforms.set_only_group(&account, ticket(3), &shop, &after);
    done(set.await);
    assert_eq!(observed(&simulated).await.groups, ["live/eu"]);
}
