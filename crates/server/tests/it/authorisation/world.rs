//! Two teams, everybody around them, and every credential that is good or was.

use super::identity::{Brings, Identity, Standing};
use super::person::{Person, text};
use super::team::Team;
use super::worthless;
use crate::support::{
    App, Backend, Caller, Credential, OWNER, PASSWORD, PATIENCE, configuration_for,
    new_token_until, sign_in,
};
use domain::access::{Permission, PermissionSet, RoleKind};
use domain::ports::Clock as _;
use http::StatusCode;
use serde_json::json;
use std::collections::BTreeMap;
use testkit::clocks::SystemTestClock;
use virtuozzo_simulator::World as PlatformWorld;

pub(super) const LONG_LIFE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// Everything.
pub(super) struct World {
    pub(super) app: App,
    pub(super) ours: Team,
    pub(super) theirs: Team,
    /// The first team of the installation: nobody else is in it.
    pub(super) elsewhere: String,
    pub(super) operator: Person,
    pub(super) ex_member: Person,
    pub(super) invited: Person,
    /// By name.
    worthless: Vec<(&'static str, Caller)>,
    tokens: Vec<(&'static str, PermissionSet, Caller)>,
    without_the_scope: BTreeMap<&'static str, Caller>,
}

impl World {
    pub(super) async fn build(backend: Backend) -> Self {
        let second = "\n[[accounts]]\nuid = 5001\nlogin = \"theirs@example.com\"\n\
                      password = \"their-password\"\n";
        let platform = PlatformWorld::EXAMPLE_TOML.to_owned() + second;
        let platform = PlatformWorld::from_toml(&platform).expect("a world with two accounts");
        let mut app = App::start_unconnected(backend, platform).await;
        app.owner = app.owner.asking_again();
        let operator = Person::register(&app, "oscar").await;
        appoint(&mut app, &operator).await;
        let (ours, theirs) = futures::future::join(
            Team::build(&app, "ours", ("owner@example.com", "example-password")),
            Team::build(&app, "theirs", ("theirs@example.com", "their-password")),
        )
        .await;
        ours.find_strangers(&app, "owner@example.com", "example-password")
            .await;
        theirs
            .find_strangers(&app, "theirs@example.com", "their-password")
            .await;
        // One after the other: a call takes every fault that waits for it.
        ours.hold_the_queue(&app, "ours").await;
        theirs.hold_the_queue(&app, "theirs").await;
        add_second_pages(&app).await;
        let mut world = Self {
            elsewhere: app.owner.team.clone(),
            ex_member: Person::register(&app, "ex-member").await,
            invited: Person::register(&app, "invited").await,
            app,
            ours,
            theirs,
            operator,
            worthless: Vec::new(),
            tokens: Vec::new(),
            without_the_scope: BTreeMap::new(),
        };
        world.invite_and_part().await;
        world.make_tokens().await;
        let worthless = worthless::collect(&world).await;
        world.worthless.extend(worthless);
        world
    }

    /// One is invited and does not answer, one was a member.
    async fn invite_and_part(&mut self) {
        let (token, roles) = (&self.ours.token, &self.ours.roles);
        let body = json!({"email": self.invited.email, "role_id": roles["manager"]});
        token.ask(&token.path("/invitations"), &body).await;
        self.ex_member
            .join(&self.app, token, &roles["manager"])
            .await;
        let maker = self.ex_member.in_team(&self.ours.id);
        let rights = RoleKind::Manager.permissions();
        let left_behind = token_of(&maker, rights, LONG_LIFE).await;
        self.ex_member.leave(&self.ours.id).await;
        self.worthless.push(("token of an ex-member", left_behind));
    }

    async fn make_tokens(&mut self) {
        let owner = self.ours.owner().in_team(&self.ours.id);
        let all = PermissionSet::all();
        let manager_rights = RoleKind::Manager.permissions();
        let viewer_rights = RoleKind::Viewer.permissions();
        let manager = self.ours.members[1].person.in_team(&self.ours.id);
        let of_manager = token_of(&manager, manager_rights, LONG_LIFE).await;
        let narrow = token_of(&owner, viewer_rights, LONG_LIFE).await;
        let (custom_rights, demoted) = self.token_of_a_demoted_member().await;
        self.tokens = vec![
            ("token of the owner", all, self.ours.token.clone()),
            ("token of a manager", manager_rights, of_manager),
            (
                "token of the owner, scopes of a viewer",
                viewer_rights,
                narrow,
            ),
            ("token of a demoted member", custom_rights, demoted),
        ];
        for lacking in Permission::ALL {
            let scopes = all.iter().filter(|it| it != lacking).collect();
            let token = token_of(&owner, scopes, LONG_LIFE).await;
            self.without_the_scope.insert(lacking.as_str(), token);
        }
    }

    /// Made as a manager, who then got the custom role: the token can do no more than that role.
    async fn token_of_a_demoted_member(&self) -> (PermissionSet, Caller) {
        let token = &self.ours.token;
        let member = &self.ours.members[4];
        let path = token.path(&format!("/members/{}/role", member.person.id));
        let change = async |role: &str| {
            let body = json!({"role_id": self.ours.roles[role]});
            let changed = token.put(&path, &body).await;
            assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.body);
        };
        change("manager").await;
        let maker = member.person.in_team(&self.ours.id);
        let made = token_of(&maker, RoleKind::Manager.permissions(), LONG_LIFE).await;
        change("custom").await;
        (member.rights, made)
    }

    /// Everybody, for the matrix of our team.
    pub(super) fn everybody(&self) -> Vec<Identity<'_>> {
        let (ours, theirs) = (&self.ours, &self.theirs);
        let mut all: Vec<_> = self
            .worthless
            .iter()
            .map(|(name, caller)| Identity::nobody(name, caller.clone()))
            .collect();
        all.extend(people_of(ours, "of the team"));
        all.extend(people_of(theirs, "of another team"));
        let outsiders = [("ex-member", &self.ex_member), ("invited", &self.invited)];
        let outsider = |(name, person): (&str, _)| {
            Identity::person(name.to_owned(), Standing::Outsider, person)
        };
        all.extend(outsiders.map(outsider));
        let operator = "operator".to_owned();
        all.push(Identity::person(
            operator,
            Standing::Operator,
            &self.operator,
        ));
        let token = |(name, rights, caller): &(&'static str, _, Caller)| {
            Identity::token(name, &ours.id, *rights, caller.clone())
        };
        all.extend(self.tokens.iter().map(token));
        all.push(their_token(theirs, "token of another team"));
        all.push(Identity {
            name: "token without the scope".to_owned(),
            standing: Standing::WithoutTheScope {
                team: ours.id.clone(),
            },
            brings: Brings::TokenWithout(self.without_the_scope.clone()),
        });
        all
    }

    /// The members of the other team, for the matrix of a team that is suspended.
    pub(super) fn members_of_the_suspended_team(&self) -> Vec<Identity<'_>> {
        let mut all = people_of(&self.theirs, "of the suspended team");
        all.push(their_token(&self.theirs, "token of the suspended team"));
        all
    }

    /// Suspends the other team.
    pub(super) async fn suspend_theirs(&self) {
        let path = format!("/v1/operator/teams/{}/actions/suspend", self.theirs.id);
        let operator = self.operator.caller();
        let suspended = operator.ask(&path, &json!({"reason": "an example"})).await;
        assert_eq!(suspended.status, StatusCode::OK, "{}", suspended.body);
    }
}

fn people_of<'a>(team: &'a Team, which: &str) -> Vec<Identity<'a>> {
    let identity = |member: &'a super::team::Member| {
        let standing = Standing::Member {
            team: team.id.clone(),
            rights: member.rights,
        };
        Identity::person(
            format!("{} {which}", member.kind.as_str()),
            standing,
            &member.person,
        )
    };
    team.members.iter().map(identity).collect()
}

fn their_token<'a>(team: &Team, name: &str) -> Identity<'a> {
    Identity::token(name, &team.id, PermissionSet::all(), team.token.clone())
}

/// The time after that.
pub(super) fn later(life: jiff::SignedDuration) -> String {
    (SystemTestClock.now() + life).to_string()
}

/// A new token, and who brings it.
pub(super) async fn token_of(
    maker: &Caller,
    scopes: PermissionSet,
    life: jiff::SignedDuration,
) -> Caller {
    let made = new_token_until(maker, scopes, &later(life), &[]).await;
    maker.with(Credential::Token(text(&made, "token")))
}

/// Somebody apart from both teams gets a second team and a second session, so that lists of theirs have
/// cursors.
async fn add_second_pages(app: &App) {
    let person = app.owner.in_person();
    person
        .ask("/v1/teams", &json!({"name": "Second team"}))
        .await;
    let nobody = person.with(Credential::Nothing);
    sign_in(&nobody, OWNER, PASSWORD).await;
}

/// Makes the person an operator, with a shell on the machine. The server starts anew, and knows much
/// patience with a platform that does not answer: jobs are to stay where they are.
async fn appoint(app: &mut App, person: &Person) {
    assert!(app.stop().success(), "{}", app.logs());
    let file = configuration_for(&app.simulator.base_url())
        .replace(
            "answer_within_short = \"2s\"",
            "answer_within_short = \"10m\"",
        )
        .replace(
            "answer_within_long = \"4s\"",
            "answer_within_long = \"20m\"",
        )
        .replace("patience = \"30s\"", "patience = \"30m\"");
    std::fs::write(app.folder.path().join("windlass.toml"), file).expect("a writable folder");
    let grant = ["admin", "operators", "grant", "--email", &person.email];
    let mut granting = app.spawn(&grant, "grant");
    assert!(granting.wait(PATIENCE).success(), "{}", granting.errors());
    app.serve().await;
    person.move_to(app.owner.base());
}
