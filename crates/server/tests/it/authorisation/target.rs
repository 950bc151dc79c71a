//! Something fresh for what takes away or changes what it names, and the repair of what happened.
//!
//! By the name of the parameter and the shape of the path, never by the operation.

use super::document::{Operation, Policy};
use super::identity::{Brings, Identity, Standing};
use super::matrix::send;
use super::person::{Person, text};
use super::team::Values;
use super::variant::{Places, Variant};
use super::world::World;
use crate::support::{Answer, new_token};
use domain::access::{Permission, PermissionSet};
use http::StatusCode;
use serde_json::json;

/// Makes targets, one after the other.
pub(super) struct Targets<'a> {
    world: &'a World,
    spare: Option<Person>,
    spare_webhook: Option<(String, String)>,
    made: u32,
}

impl<'a> Targets<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self {
            world,
            spare: None,
            spare_webhook: None,
            made: 0,
        }
    }

    /// What the request of the operation has to find, made anew where the operation changes it.
    pub(super) async fn prepare(
        &mut self,
        operation: &Operation,
        identity: &Identity<'_>,
    ) -> Values {
        let mut targets = Values::new();
        if operation.policy == Policy::Operator {
            targets.insert("team_id", self.world.elsewhere.clone());
            targets.insert("platform", "simulator".to_owned());
        }
        if operation.pattern.contains("/ownership-offer") {
            let receiver = match &identity.brings {
                Brings::Session(person) if operation.is_in_person() => person,
                _ => self.world.ours.developer(),
            };
            self.world.ours.offer_to(receiver).await;
        }
        if let Brings::Session(person) = &identity.brings
            && operation.pattern.contains("/second-factor")
        {
            let begun = person
                .caller()
                .ask("/v1/me/second-factor", &json!({}))
                .await;
            person.follow(&begun).await;
        }
        if !operation.is_unsafe() {
            return targets;
        }
        for name in operation.children() {
            if let Some((name, target)) = self.fresh(name, identity).await {
                targets.insert(name, target);
            }
        }
        targets
    }

    async fn fresh(
        &mut self,
        name: &str,
        identity: &Identity<'_>,
    ) -> Option<(&'static str, String)> {
        self.made += 1;
        let ours = &self.world.ours;
        let token = &ours.token;
        Some(match name {
            "role_id" => {
                let body =
                    json!({"name": format!("fresh {}", self.made), "permissions": ["team.view"]});
                let role = token.ask(&token.path("/roles"), &body).await;
                ("role_id", text(&role.body, "id"))
            }
            "token_id" => {
                let scopes = PermissionSet::from_iter([Permission::TeamView]);
                ("token_id", text(&new_token(token, scopes).await, "id"))
            }
            "invitation_id" => {
                let email = format!("fresh-guest-{}@example.com", self.made);
                let body = json!({"email": email, "role_id": ours.roles["viewer"]});
                let invitation = token.ask(&token.path("/invitations"), &body).await;
                ("invitation_id", text(&invitation.body, "id"))
            }
            "job_id" => {
                let path = format!(
                    "/environments/{}/actions/start",
                    ours.values["environment_id"]
                );
                let key = format!("fresh-{}", self.made);
                let job = token.post(&token.path(&path), &key, &json!({})).await;
                ("job_id", text(&job.body, "id"))
            }
            "webhook_id" => ("webhook_id", self.spare_webhook().await.0),
            "delivery_id" => ("delivery_id", self.spare_webhook().await.1),
            "user_id" => ("user_id", self.spare_member().await),
            "session_id" => match &identity.brings {
                Brings::Session(person) => {
                    let me = person.another_session().await.get("/v1/me").await;
                    ("session_id", text(&me.body, "session_id"))
                }
                Brings::Token(_) | Brings::TokenWithout(_) => return None,
            },
            _ => return None,
        })
    }

    /// A webhook of our team that nobody misses, and a message to it.
    async fn spare_webhook(&mut self) -> (String, String) {
        let token = &self.world.ours.token;
        if let Some(spare) = &self.spare_webhook {
            let path = token.path(&format!("/webhooks/{}", spare.0));
            if token.get(&path).await.status == StatusCode::OK {
                return spare.clone();
            }
        }
        let spare = self.world.ours.webhook().await;
        self.spare_webhook = Some(spare.clone());
        spare
    }

    /// A viewer of our team whom nobody misses.
    async fn spare_member(&mut self) -> String {
        let token = &self.world.ours.token;
        if let Some(spare) = &self.spare {
            let path = token.path(&format!("/members/{}", spare.id));
            if token.get(&path).await.status == StatusCode::OK {
                return spare.id.clone();
            }
        }
        let spare = Person::register(&self.world.app, &format!("spare-{}", self.made)).await;
        let viewer = &self.world.ours.roles["viewer"];
        spare.join(&self.world.app, token, viewer).await;
        let id = spare.id.clone();
        self.spare = Some(spare);
        id
    }

    /// Brings back what an answer took: a job that waits is cancelled, a session is followed, who has
    /// left comes again.
    pub(super) async fn repair(
        &self,
        operation: &Operation,
        identity: &Identity<'_>,
        answer: &Answer,
    ) {
        let ours = &self.world.ours;
        if answer.status == StatusCode::ACCEPTED && operation.is_in_a_team() {
            ours.cancel(&text(&answer.body, "id")).await;
        }
        let Brings::Session(person) = &identity.brings else {
            return;
        };
        person.follow(answer).await;
        let is_member =
            matches!(&identity.standing, Standing::Member { team, .. } if *team == ours.id);
        if is_member && operation.is_in_person() && answer.status.is_success() {
            let path = ours.token.path(&format!("/members/{}", person.id));
            if ours.token.get(&path).await.status == StatusCode::NOT_FOUND {
                let mut members = ours.members.iter();
                let member = members.find(|member| member.person.id == person.id);
                let role = &ours.roles[member.expect("a member").kind.as_str()];
                person.join(&self.world.app, &ours.token, role).await;
            }
        }
    }

    /// They ask for every job once, of their own environment, so that their keys are known.
    pub(super) async fn use_foreign_keys(&self, operations: &[Operation]) {
        let theirs = &self.world.theirs;
        let places = Places {
            own: &theirs.values,
            foreign: &self.world.ours.values,
            foreign_cursor: None,
        };
        let takes_key = |it: &&Operation| it.takes_header("Idempotency-Key");
        for (number, operation) in (0..).zip(operations.iter().filter(takes_key)) {
            let own = Variant::ForeignKey;
            let request = places.request(operation, own, &Values::new(), number);
            let method = operation.method.clone();
            let answer = send(&theirs.token, method, &request).await;
            let is_known =
                answer.status == StatusCode::ACCEPTED || answer.status == StatusCode::CONFLICT;
            assert!(is_known, "{}: {}", operation.id, answer.body);
            if answer.status == StatusCode::ACCEPTED {
                theirs.cancel(&text(&answer.body, "id")).await;
            }
        }
    }
}
