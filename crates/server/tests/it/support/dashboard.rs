//! A person at the platform's own dashboard: what happens on the platform without Windlass.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// Somebody who has signed in there.
pub(crate) struct Dashboard {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
    session: String,
}

impl Dashboard {
    /// Signs in at the platform with this address.
    pub(crate) async fn sign_in(base: &str, login: &str, password: &str) -> Self {
        let mut dashboard = Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            base: base.to_owned(),
            session: String::new(),
        };
        let form = [("login", login), ("password", password)];
        let answer = dashboard
            .call("users/authentication/rest/signin", &form)
            .await;
        answer["session"]
            .as_str()
            .expect("a session")
            .clone_into(&mut dashboard.session);
        dashboard
    }

    /// Creates an environment with one layer.
    pub(crate) async fn create(&self, name: &str) {
        let environment = json!({"shortdomain": name}).to_string();
        let nodes = r#"[{"nodeType":"nginxphp"}]"#;
        let form = [("env", &*environment), ("nodes", nodes)];
        self.call("environment/control/rest/createenvironment", &form)
            .await;
    }

    /// Deletes an environment.
    pub(crate) async fn delete(&self, name: &str) {
        let form = [("envName", name)];
        self.call("environment/control/rest/deleteenv", &form).await;
    }

    /// Stops an environment.
    pub(crate) async fn stop(&self, name: &str) {
        let form = [("envName", name)];
        self.call("environment/control/rest/stopenv", &form).await;
    }

    /// Starts an environment.
    pub(crate) async fn start(&self, name: &str) {
        let form = [("envName", name)];
        self.call("environment/control/rest/startenv", &form).await;
    }

    /// Installs an add-on.
    pub(crate) async fn install_addon(&self, name: &str, app_id: &str) {
        let form = [("envName", name), ("id", app_id), ("nodeGroup", "cp")];
        self.call("marketplace/app/rest/installaddon", &form).await;
    }

    async fn call(&self, method: &str, form: &[(&str, &str)]) -> Value {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.extend_pairs(form);
        if !self.session.is_empty() {
            fields.append_pair("session", &self.session);
        }
        let request = Request::post(format!("{}/1.0/{method}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(fields.finish())))
            .expect("a well-formed request");
        let answer = self.client.request(request).await.expect("an answer");
        let bytes = answer.into_body().collect().await.expect("a body");
        let answer: Value = serde_json::from_slice(&bytes.to_bytes()).expect("JSON");
        assert_eq!(answer["result"], 0, "{method}: {answer}");
        answer
    }
}
