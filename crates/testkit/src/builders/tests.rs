use super::{api_token, environment, job, moment, platform_account, team, user};
use crate::ids::SequentialIds;
use domain::job::JobKind;

#[test]
fn entities_of_one_source_belong_together_and_repeat_exactly() {
    let build = || {
        let ids = SequentialIds::new();
        let team = team(&ids);
        let account = platform_account(&ids, team.id);
        let site = environment(&ids, &account, "site");
        let job = job(&ids, team.id, JobKind::EnvironmentProvision, Some(site.id));
        (team, account, site, job)
    };
    let (team, account, site, job) = build();
    assert_eq!(site.team_id, team.id);
    assert_eq!(site.platform_account_id, account.id);
    assert_eq!(job.environment_id, Some(site.id));
    assert_eq!(build(), (team, account, site, job));
}

#[test]
fn tokens_are_live_and_differ_in_their_hash() {
    let ids = SequentialIds::new();
    let (team, user) = (team(&ids), user(&ids));
    let token = || api_token(&ids, team.id, user.id);
    let (first, second) = (token(), token());
    assert!(first.is_live(moment()));
    assert_ne!(first.hash, second.hash);
}
