//! Customers who go on asking for changes while everything around them breaks, as their programs would: what
//! was not answered is asked for again, under the same key.

use crate::auditor::{self, Violation, Watch};
use crate::settlement::Request;
use crate::settlement::site::Site;
use crate::support::{App, PATIENCE};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest time that a job may take from its request to its end, troubles included.
const JOB_PATIENCE: Duration = Duration::from_mins(3);

/// What was asked for and what came of it.
#[derive(Default)]
pub(super) struct Load {
    is_over: Cell<bool>,
    pub(super) jobs: RefCell<Vec<String>>,
    /// How often each effect is due.
    pub(super) due: RefCell<BTreeMap<&'static str, usize>>,
    pub(super) violations: RefCell<Vec<Violation>>,
    /// Requests that had to be sent again.
    pub(super) asked_again: Cell<u64>,
}

impl Load {
    /// No new round is begun from now on.
    pub(super) fn end(&self) {
        self.is_over.set(true);
    }

    /// One customer: round after round until the end, and at least one.
    pub(super) async fn customer(&self, site: &Site) {
        for round in 1.. {
            for (wish, effect) in WISHES {
                self.one(site, wish, effect, round).await;
                // What is wrong already would be wrong in every later request, too.
                if !self.violations.borrow().is_empty() {
                    return;
                }
            }
            if self.is_over.get() {
                return;
            }
        }
    }

    async fn one(&self, site: &Site, wish: Wish, effect: &'static str, round: u32) {
        let key = format!("{effect}-{}-{round}", site.number);
        let accepted = self.accepted(site, wish(site, round), &key).await;
        let id = accepted["id"].as_str().expect("an id").to_owned();
        let mut watch = Watch::default();
        let at_rest = watch
            .until_rest_within(site.owner(), &id, JOB_PATIENCE)
            .await;
        let mut found = watch.violations();
        match at_rest {
            None => found.push(Violation::new("no accepted job vanishes", &*id)),
            Some(job) if job["state"] == "succeeded" => {}
            Some(job) => {
                found.push(Violation::new(
                    "the end is the one that was due",
                    job.to_string(),
                ));
            }
        }
        let again = self.accepted(site, wish(site, round), &key).await;
        if again["id"] != accepted["id"] {
            found.push(Violation::new(
                "the same request is the same job",
                again.to_string(),
            ));
        }
        self.violations.borrow_mut().append(&mut found);
        self.jobs.borrow_mut().push(id);
        *self.due.borrow_mut().entry(effect).or_default() += 1;
    }

    /// The accepted job; asks until there is an answer that is no excuse.
    async fn accepted(&self, site: &Site, wish: Request, key: &str) -> Value {
        let path = site.owner().path(&wish.path);
        let body = match wish.body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        testkit::wait::until("the request is accepted", JOB_PATIENCE, async || {
            let headers = [("idempotency-key", key)];
            let answer = site
                .owner()
                .try_to_send(&wish.method, &path, &headers, &body);
            let answer = tokio::time::timeout(PATIENCE, answer).await.ok().flatten();
            match answer {
                Some(answer) if answer.status == StatusCode::ACCEPTED => Some(answer.body),
                Some(answer) if !answer.status.is_server_error() => {
                    panic!("{path}: {}", answer.text)
                }
                _ => {
                    self.asked_again.set(self.asked_again.get() + 1);
                    None
                }
            }
        })
        .await
    }

    /// What the logs of all jobs say.
    pub(super) async fn read_logs(&self, app: &App) {
        let jobs = self.jobs.borrow().clone();
        for job in jobs {
            let found = auditor::ask_the_administrator(app, &job).await;
            self.violations.borrow_mut().extend(found);
        }
    }
}

/// A request of a round.
type Wish = fn(&Site, u32) -> Request;

/// A round, each request with the effect that is due. It leaves the site as it found it, but for a variable and
/// a size.
const WISHES: [(Wish, &str); 4] = [
    (add_variable, "VariablesAdded"),
    (set_cloudlets, "CloudletsSet"),
    (install_addon, "AddonInstalled"),
    (uninstall_addon, "AddonUninstalled"),
];

fn add_variable(site: &Site, round: u32) -> Request {
    let variables = json!({"ROUND": round.to_string()});
    let body = json!({"node_id": site.node("cp"), "variables": variables});
    site.post("/variables/actions/add", body)
}

fn set_cloudlets(site: &Site, round: u32) -> Request {
    let path = format!("/nodes/{}/cloudlets", site.node("cp"));
    let limit = 6 + round % 2;
    site.wish(Method::PUT, &path, json!({"reserved": 2, "limit": limit}))
}

fn install_addon(site: &Site, _: u32) -> Request {
    site.post("/addons", json!({"addon": "sftp"}))
}

fn uninstall_addon(site: &Site, _: u32) -> Request {
    site.wish(Method::DELETE, "/addons/sftp", Value::Null)
}
