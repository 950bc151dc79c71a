//! Which things a request names, and where: the columns of the matrix.

use super::bodies::{body_of, named_in_body, narrowing, query_of};
use super::document::{Operation, Policy};
use super::identity::{Identity, Standing};
use super::team::Values;
use domain::ports::Clock as _;
use testkit::clocks::SystemTestClock;

/// A last part that no id has.
const NOWHERE: &str = "0000000000000000000000000z";
/// As long as a real cursor, and signed by nobody.
const NO_CURSOR: &str = "AAAAAAAAAAAAAAAAAAAAAHsiYWZ0ZXIiOiJ4In0";

/// One column. What is foreign is another team's, or another person's; next to each stands what does not
/// exist, because the two must look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant<'a> {
    Own,
    WithoutCsrf,
    ForeignTeam,
    MissingTeam,
    ForeignChild(&'a str),
    MissingChild(&'a str),
    ForeignInBody(&'a str),
    MissingInBody(&'a str),
    ForeignInQuery(&'static str, &'static str),
    MissingInQuery(&'static str, &'static str),
    ForeignCursor,
    MissingCursor,
    ForeignKey,
    ForeignEventId,
}

/// A request but for who sends it.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Variant<'_> {
    /// What it has to look like.
    pub(super) fn reference(self) -> Option<Self> {
        match self {
            Self::ForeignTeam => Some(Self::MissingTeam),
            Self::ForeignChild(name) => Some(Self::MissingChild(name)),
            Self::ForeignInBody(name) => Some(Self::MissingInBody(name)),
            Self::ForeignInQuery(name, of) => Some(Self::MissingInQuery(name, of)),
            Self::ForeignCursor => Some(Self::MissingCursor),
            _ => None,
        }
    }
}

/// The columns that make sense for the operation and the caller.
pub(super) fn variants<'a>(operation: &'a Operation, identity: &Identity<'_>) -> Vec<Variant<'a>> {
    let mut all = vec![Variant::Own];
    let is_guarded = operation.policy != Policy::Public;
    if is_guarded && operation.is_unsafe() && identity.has_session() {
        all.push(Variant::WithoutCsrf);
    }
    if operation.is_in_a_team() {
        all.push(Variant::MissingTeam);
        // In a team of theirs they ask what the members of our team ask in ours.
        if !is_theirs(identity) && !identity.is_operator() {
            all.push(Variant::ForeignTeam);
        }
    }
    for child in operation.children() {
        all.extend([Variant::MissingChild(child), Variant::ForeignChild(child)]);
    }
    for named in named_in_body(&operation.id) {
        all.extend([Variant::MissingInBody(named), Variant::ForeignInBody(named)]);
    }
    for (name, of) in narrowing().filter(|(name, _)| operation.takes_query(name)) {
        let missing = Variant::MissingInQuery(name, of);
        all.extend([missing, Variant::ForeignInQuery(name, of)]);
    }
    if operation.takes_query("cursor") {
        all.extend([Variant::MissingCursor, Variant::ForeignCursor]);
    }
    if operation.takes_header("Idempotency-Key") {
        all.push(Variant::ForeignKey);
    }
    if operation.takes_header("Last-Event-ID") {
        all.push(Variant::ForeignEventId);
    }
    all
}

fn is_theirs(identity: &Identity<'_>) -> bool {
    let is_member = matches!(identity.standing, Standing::Member { .. });
    is_member && identity.name.ends_with("of another team")
}

/// What requests are made of: what is ours, what is theirs.
pub(super) struct Places<'a> {
    pub(super) own: &'a Values,
    pub(super) foreign: &'a Values,
    /// A cursor of the same list, but theirs.
    pub(super) foreign_cursor: Option<&'a str>,
}

impl Places<'_> {
    /// The request; `targets` stand for parameters of an own path, `fresh` is a number nobody had.
    pub(super) fn request(
        &self,
        operation: &Operation,
        variant: Variant<'_>,
        targets: &Values,
        fresh: u32,
    ) -> Request {
        let mut path = self.own.clone();
        path.extend(targets.clone());
        let mut body = self.own.clone();
        match variant {
            Variant::ForeignTeam => {
                path = self.foreign.clone();
                body = self.foreign.clone();
            }
            Variant::MissingTeam => replace(&mut path, "team_id", self.missing("team_id")),
            Variant::ForeignChild(name) => replace(&mut path, name, self.foreign[name].clone()),
            Variant::MissingChild(name) => replace(&mut path, name, self.missing(name)),
            Variant::ForeignInBody(name) => replace(&mut body, name, self.foreign[name].clone()),
            Variant::MissingInBody(name) => replace(&mut body, name, self.missing(name)),
            _ => {}
        }
        let query = match variant {
            Variant::ForeignInQuery(name, of) => format!("?{name}={}", self.foreign[of]),
            Variant::MissingInQuery(name, of) => format!("?{name}={}", self.missing(of)),
            Variant::ForeignCursor => {
                format!("?cursor={}", self.foreign_cursor.expect("a cursor"))
            }
            Variant::MissingCursor => format!("?cursor={NO_CURSOR}"),
            _ => query_of(&operation.id).to_owned(),
        };
        Request {
            path: filled(&operation.pattern, &path) + &query,
            headers: headers(operation, variant, fresh),
            body: filled_body(operation, body, fresh),
        }
    }

    /// An id of the kind that nothing has, or a token that nobody was sent.
    fn missing(&self, name: &str) -> String {
        let own = &self.own[name];
        let kind = own.rfind('_').map_or("", |end| &own[..=end]);
        format!("{kind}{NOWHERE}")
    }
}

fn filled_body(operation: &Operation, mut values: Values, fresh: u32) -> String {
    if !operation.has_body {
        return String::new();
    }
    let expires_at = SystemTestClock.now() + jiff::SignedDuration::from_hours(24);
    values.insert("fresh", fresh.to_string());
    values.insert("expires_at", expires_at.to_string());
    filled(body_of(&operation.id).unwrap_or_default(), &values)
}

fn replace(values: &mut Values, name: &str, value: String) {
    let known = values.get_mut(name);
    *known.unwrap_or_else(|| panic!("nothing stands for `{name}`")) = value;
}

/// The key under which they have asked for the same, of their own environment.
pub(super) fn foreign_key(operation: &Operation) -> String {
    format!("theirs-{}", operation.id)
}

fn headers(operation: &Operation, variant: Variant<'_>, fresh: u32) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if operation.takes_header("Idempotency-Key") {
        let key = match variant {
            Variant::ForeignKey => foreign_key(operation),
            _ => format!("own-{fresh}"),
        };
        headers.push(("idempotency-key", key));
    }
    if variant == Variant::ForeignEventId {
        headers.push(("last-event-id", "1".to_owned()));
        // The stream of a job ends with the job; that of a team has no end.
        if operation.pattern.contains("{job_id}") {
            headers.push(("accept", "text/event-stream".to_owned()));
        }
    }
    headers
}

/// The text with its braces filled in.
pub(super) fn filled(text: &str, values: &Values) -> String {
    let mut filled = text.to_owned();
    for (name, value) in values {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}

/// The parameters of the path that nothing stands for.
pub(super) fn unknown_parameters(operation: &Operation, known: &Values) -> Vec<String> {
    let filled = filled(&operation.pattern, known);
    filled.split('{').skip(1).map(str::to_owned).collect()
}
