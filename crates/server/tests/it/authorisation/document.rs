//! The operations, and whom each is for, as the served OpenAPI document says.

use domain::access::Permission;
use http::Method;
use serde_json::Value;

#[cfg(test)]
mod tests;

/// Whom an operation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Members of the team in the path who have this permission.
    Permission(Permission),
    /// People who signed in with a browser.
    Session,
    /// Those who run the service, signed in with a browser.
    Operator,
    /// Whoever has a good credential.
    AnyCredential,
    /// Anybody.
    Public,
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: Method,
    /// The path with its parameters in braces.
    pub(super) pattern: String,
    pub(super) policy: Policy,
    pub(super) has_body: bool,
    path_parameters: Vec<String>,
    query_parameters: Vec<String>,
    headers: Vec<String>,
}

/// The operations, and what is wrong with those that cannot be tested.
pub(super) fn operations(document: &Value) -> (Vec<Operation>, Vec<String>) {
    let mut operations = Vec::new();
    let mut uncovered = Vec::new();
    for (pattern, item) in document["paths"].as_object().expect("paths") {
        for (method, described) in item.as_object().expect("operations") {
            match Operation::read(pattern, method, described) {
                Ok(operation) => operations.push(operation),
                Err(reason) => uncovered.push(format!("{method} {pattern}: {reason}")),
            }
        }
    }
    (operations, uncovered)
}

impl Policy {
    /// Exactly one thing, and the credentials that go with it.
    fn read(described: &Value) -> Result<Self, String> {
        let is = |name: &str| described[name] == true;
        let permission = match described["x-required-permission"].as_str() {
            None => None,
            Some(slug) => Some(Permission::parse(slug).ok_or(format!("{slug} is no permission"))?),
        };
        let found: Vec<_> = (permission.map(Self::Permission).into_iter())
            .chain(is("x-required-session").then_some(Self::Session))
            .chain(is("x-required-operator").then_some(Self::Operator))
            .chain(is("x-any-credential").then_some(Self::AnyCredential))
            .chain(is("x-public").then_some(Self::Public))
            .collect();
        let [policy] = found[..] else {
            return Err(format!("not one policy: {found:?}"));
        };
        let security = described["security"].as_array().into_iter().flatten();
        let mut schemes: Vec<_> = security
            .filter_map(|scheme| scheme.as_object()?.keys().next().map(String::as_str))
            .collect();
        schemes.sort_unstable();
        let wanted: &[&str] = match policy {
            Self::Permission(_) | Self::AnyCredential => &["api_token", "browser_session"],
            Self::Session | Self::Operator => &["browser_session"],
            Self::Public => &[],
        };
        if schemes == wanted {
            Ok(policy)
        } else {
            Err(format!("{policy:?} with the credentials {schemes:?}"))
        }
    }
}

impl Operation {
    fn read(pattern: &str, method: &str, described: &Value) -> Result<Self, String> {
        let id = described["operationId"].as_str().ok_or("no id")?;
        let parameters = |place: &str| -> Vec<String> {
            let all = described["parameters"].as_array().into_iter().flatten();
            all.filter(|parameter| parameter["in"] == place)
                .filter_map(|parameter| Some(parameter["name"].as_str()?.to_owned()))
                .collect()
        };
        let path_parameters = pattern.split(['{', '}']).skip(1).step_by(2);
        Ok(Self {
            id: id.to_owned(),
            method: method.to_uppercase().parse().map_err(|_| "no method")?,
            pattern: pattern.to_owned(),
            policy: Policy::read(described)?,
            has_body: described.get("requestBody").is_some(),
            path_parameters: path_parameters.map(str::to_owned).collect(),
            query_parameters: parameters("query"),
            headers: parameters("header"),
        })
    }

    pub(super) fn is_unsafe(&self) -> bool {
        self.method != Method::GET
    }

    pub(super) fn is_in_a_team(&self) -> bool {
        self.path_parameters.iter().any(|name| name == "team_id")
    }

    /// What members do about their own place in a team: it changes something and needs no more than to
    /// see the team. A person does it, never a token, and nobody who is no member.
    pub(super) fn is_in_person(&self) -> bool {
        let is_view = matches!(self.policy, Policy::Permission(it) if it.is_view());
        self.is_unsafe() && is_view
    }

    /// The parameters of the path that name something below the team.
    pub(super) fn children(&self) -> impl Iterator<Item = &str> {
        let names = self.path_parameters.iter().map(String::as_str);
        names.filter(|name| name.ends_with("_id") && *name != "team_id")
    }

    pub(super) fn takes_query(&self, name: &str) -> bool {
        self.query_parameters.iter().any(|known| known == name)
    }

    pub(super) fn takes_header(&self, name: &str) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// First what changes nothing, then what takes most away: the shortest path; last what members do
    /// about their own place, because their tokens go with them.
    pub(super) fn destroys(&self) -> (u8, usize) {
        let weight = match self.method {
            Method::GET => 0,
            _ if self.is_in_person() => 3,
            Method::DELETE => 2,
            _ => 1,
        };
        (weight, usize::MAX - self.pattern.split('/').count())
    }
}
