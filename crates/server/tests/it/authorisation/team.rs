//! A team with a member of each role, and one of everything that an operation can name.

use super::person::{Person, text};
use crate::support::{App, Caller, Credential, Dashboard, PATIENCE, new_token};
use domain::access::{Permission, PermissionSet, RoleKind};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use virtuozzo_simulator::{FaultKind, FaultRule};

/// What the custom role allows: a mixture that no built-in role has.
const CUSTOM: &[Permission] = &[
    Permission::TeamView,
    Permission::EnvironmentView,
    Permission::JobView,
    Permission::EventView,
    Permission::EnvironmentDelete,
    Permission::EnvironmentRename,
    Permission::TopologyManage,
    Permission::MemberManage,
    Permission::RoleManage,
    Permission::AuditView,
];

/// What stands for a parameter of a path or a brace of a body.
pub(super) type Values = BTreeMap<&'static str, String>;

/// A member, and what their role allows.
pub(super) struct Member {
    pub(super) kind: RoleKind,
    pub(super) rights: PermissionSet,
    pub(super) person: Person,
}

/// A team.
pub(super) struct Team {
    pub(super) id: String,
    pub(super) members: Vec<Member>,
    /// The owner's token that may do everything.
    pub(super) token: Caller,
    pub(super) roles: BTreeMap<&'static str, String>,
    /// One of everything.
    pub(super) values: Values,
}

impl Team {
    /// Builds it: five members, and two of everything that is listed.
    pub(super) async fn build(app: &App, name: &str, login: (&str, &str)) -> Self {
        let kinds = RoleKind::BUILT_IN.into_iter().chain([RoleKind::Custom]);
        let people = kinds.map(async |kind| {
            let person = Person::register(app, &format!("{}-{name}", kind.as_str())).await;
            let rights = match kind {
                RoleKind::Custom => CUSTOM.iter().copied().collect(),
                built_in => built_in.permissions(),
            };
            Member {
                kind,
                rights,
                person,
            }
        });
        let members = futures::future::join_all(people).await;
        let owner = &members[0].person;
        let founded = owner
            .caller()
            .ask("/v1/teams", &json!({"name": name}))
            .await;
        let id = text(&founded.body, "id");
        let in_person = owner.in_team(&id);
        let token = new_token(&in_person, PermissionSet::all()).await;
        let token = in_person.with(Credential::Token(text(&token, "token")));
        let connected = token.connect_account(login.0, login.1).await;
        assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
        let mut team = Self {
            id,
            roles: roles(&token).await,
            members,
            token,
            values: Values::new(),
        };
        for member in &team.members[1..] {
            let role = &team.roles[member.kind.as_str()];
            member.person.join(app, &team.token, role).await;
        }
        team.values = team.values(app).await;
        team
    }

    pub(super) fn owner(&self) -> &Person {
        &self.members[0].person
    }

    /// Who is offered the ownership: not the owner, and no manager, who could do more about it.
    pub(super) fn developer(&self) -> &Person {
        &self.members[2].person
    }

    fn viewer(&self) -> &Person {
        &self.members[3].person
    }

    async fn values(&self, app: &App) -> Values {
        let token = &self.token;
        let job = token.provision("first", "two-layers", &[]).await;
        let second = token.provision("second", "empty", &[]).await;
        let done = token.job_at_rest(&text(&job, "id")).await;
        assert_eq!(done["state"], "succeeded", "{done}\n{}", app.logs());
        token.job_at_rest(&text(&second, "id")).await;
        let environment = text(&done, "environment_id");
        let path = token.path(&format!("/environments/{environment}"));
        self.back_up_twice(&path).await;
        let shown = token.get(&path).await.body;
        let other_token = new_token(token, PermissionSet::from_iter([Permission::TeamView])).await;
        let [guest, _] = ["guest-a", "guest-b"].map(|guest| self.invite(guest));
        let invitation = guest.await;
        self.invite("guest-b").await;
        self.offer_to(self.developer()).await;
        let address = guest_address("guest-a", &self.id);
        let invitation_token = crate::support::mailed(app, &address, "wdl_invite_").await;
        self.webhook().await;
        let (webhook, delivery) = self.webhook().await;
        // Somebody who is in neither team: a session is foreign to everybody here.
        let somebody = app.owner.in_person().get("/v1/me").await.body;
        Values::from([
            ("team_id", self.id.clone()),
            ("platform", "simulator".to_owned()),
            ("environment_id", environment),
            ("node_id", text(&shown["nodes"][0], "id")),
            ("other_node_id", text(&shown["nodes"][1], "id")),
            ("job_id", text(&job, "id")),
            ("role_id", self.roles["viewer"].clone()),
            ("user_id", self.viewer().id.clone()),
            ("token_id", text(&other_token, "id")),
            ("invitation_id", text(&invitation, "id")),
            ("invitation_token", invitation_token),
            ("webhook_id", webhook),
            ("delivery_id", delivery),
            ("session_id", text(&somebody, "session_id")),
            ("domain", "shop.example.com".to_owned()),
            ("addon", "lets_encrypt".to_owned()),
            ("feature", "redis".to_owned()),
            ("verb", "flush".to_owned()),
        ])
    }

    async fn back_up_twice(&self, environment: &str) {
        let wishes = [
            ("addons", "addon", json!({"addon": "backup"})),
            ("backups", "first-backup", json!({})),
            ("backups", "second-backup", json!({})),
        ];
        for (rest, key, body) in wishes {
            let path = format!("{environment}/{rest}");
            let accepted = self.token.post(&path, key, &body).await;
            let job = self.token.job_at_rest(&text(&accepted.body, "id")).await;
            assert_eq!(job["state"], "succeeded", "{job}");
        }
    }

    /// A webhook that nothing ever reaches, and a message to it, the second one.
    pub(super) async fn webhook(&self) -> (String, String) {
        let token = &self.token;
        let body = json!({"url": "http://127.0.0.1:9/in", "event_types": ["job.failed"]});
        let webhook = token.ask(&token.path("/webhooks"), &body).await;
        assert_eq!(webhook.status, StatusCode::CREATED, "{}", webhook.body);
        let id = text(&webhook.body, "id");
        let path = format!("/webhooks/{id}/actions/ping");
        let ping = async || {
            token
                .send(Method::POST, &token.path(&path), &[], String::new())
                .await
        };
        ping().await;
        let ping = ping().await;
        assert_eq!(ping.status, StatusCode::CREATED, "{}", ping.body);
        (id, text(&ping.body, "id"))
    }

    async fn invite(&self, guest: &str) -> Value {
        let email = guest_address(guest, &self.id);
        let body = json!({"email": email, "role_id": self.roles["viewer"]});
        let path = self.token.path("/invitations");
        let invited = self.token.ask(&path, &body).await;
        assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.body);
        invited.body
    }

    /// Offers them the ownership; not possible for the owner.
    pub(super) async fn offer_to(&self, person: &Person) {
        let owner = self.owner().in_team(&self.id);
        let body = json!({"user_id": person.id});
        let offered = owner.put(&owner.path("/ownership-offer"), &body).await;
        let is_owner = person.id == self.owner().id;
        assert_eq!(offered.status.is_success(), !is_owner, "{}", offered.body);
    }

    /// Two environments that were not made here, told by a second look.
    pub(super) async fn find_strangers(&self, app: &App, login: &str, password: &str) {
        let dashboard = Dashboard::sign_in(&app.simulator.base_url(), login, password).await;
        let name = login.split('@').next().expect("a name");
        for number in 1..=2 {
            dashboard.create(&format!("{name}-by-hand-{number}")).await;
        }
        let looks = std::sync::atomic::AtomicUsize::new(0);
        testkit::wait::until("a second look tells", PATIENCE, async || {
            let look = looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let path = self.token.path("/actions/sync");
            let key = format!("strangers-{look}");
            let accepted = self.token.post(&path, &key, &json!({})).await;
            self.token.job_at_rest(&text(&accepted.body, "id")).await;
            let found = self.token.get(&self.token.path("/findings")).await;
            let found = found.body["data"].as_array().map_or(0, Vec::len);
            (found >= 2).then_some(())
        })
        .await;
    }

    /// Leaves a job at the platform that does not end. It has the team's turn and that of its
    /// environment, so no job that is accepted from now on begins.
    pub(super) async fn hold_the_queue(&self, app: &App, name: &str) {
        let hold = FaultKind::HoldUntilReleased {
            name: name.to_owned(),
            after_effect: false,
        };
        app.simulator
            .add_fault(FaultRule::once("installaddon", hold));
        let path = format!("/environments/{}/addons", self.values["environment_id"]);
        let body = json!({"addon": "sftp"});
        let accepted = self
            .token
            .post(&self.token.path(&path), "hold", &body)
            .await;
        assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
        let held = app.simulator.until_held(name);
        let is_held = tokio::time::timeout(PATIENCE, held).await.is_ok();
        let job = self.token.job(&text(&accepted.body, "id")).await;
        assert!(
            is_held,
            "{job} does not wait at the platform\n{}",
            app.logs()
        );
    }

    /// Takes a job back that has not begun, and with it what its acceptance changed. A sync takes no turn, so
    /// it may have begun, or ended.
    pub(super) async fn cancel(&self, job: &str) {
        let is_sync = self.token.job(job).await["kind"] == "team.sync";
        let path = self.token.path(&format!("/jobs/{job}/actions/cancel"));
        let answer = self.token.send(Method::POST, &path, &[], String::new());
        let answer = answer.await;
        if is_sync {
            self.token.job_at_rest(job).await;
        } else {
            assert_eq!(answer.body["state"], "cancelled", "{}", answer.body);
        }
    }
}

fn guest_address(guest: &str, team: &str) -> String {
    format!("{guest}-{}@example.com", &team[team.len() - 8..])
}

/// The ids of the roles by kind; the custom one is made.
async fn roles(token: &Caller) -> BTreeMap<&'static str, String> {
    let slugs: Vec<_> = CUSTOM.iter().map(|it| it.as_str()).collect();
    let body = json!({"name": "mixture", "permissions": slugs});
    let made = token.ask(&token.path("/roles"), &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let listed = token.get(&token.path("/roles")).await.body;
    let listed = listed["data"].as_array().expect("a list");
    let kinds = RoleKind::BUILT_IN.into_iter().chain([RoleKind::Custom]);
    kinds
        .map(|kind| {
            let mut roles = listed.iter();
            let role = roles.find(|role| role["kind"] == kind.as_str());
            (kind.as_str(), text(role.expect("such a role"), "id"))
        })
        .collect()
}
