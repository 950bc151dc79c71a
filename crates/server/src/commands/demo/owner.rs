//! How the demo gets a team and a token: as any new customer does, by registering, opening the link in
//! the mail, and signing in.

use super::client::{Credential, DemoClient};
use domain::access::Permission;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const EMAIL: &str = "demo@example.com";
const PASSWORD: &str = "ten friendly winches pull together";
/// How long the token lives, in hours: the demo does not live longer.
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long the mail may take to arrive in the outbox.
const MAIL_PATIENCE: Duration = Duration::from_secs(10);
const MAIL_POLL: Duration = Duration::from_millis(20);
/// How the token of the link in the mail begins.
const LINK_TOKEN: &str = "wdl_verify_";

/// The owner of a fresh team.
pub(super) struct DemoOwner {
    pub(super) team: String,
    /// The browser session: only a person connects the platform account.
    pub(super) session: Credential,
    /// An API token that may do everything.
    pub(super) token: String,
}

/// Registers and founds a team.
pub(super) async fn register(client: &DemoClient, outbox: &Path) -> Result<DemoOwner, String> {
    let registration = json!({"email": EMAIL, "password": PASSWORD, "name": "Demo owner"});
    client.post("/v1/registrations", &registration).await?;
    let link = mailed_token(outbox).await?;
    let proof = json!({"token": link});
    client.post("/v1/email-verifications", &proof).await?;
    let sign_in = json!({"email": EMAIL, "password": PASSWORD});
    let session = client.sign_in(&sign_in).await?;
    let person = client.with(session.clone());
    let team = person
        .post("/v1/teams", &json!({"name": "Demo team"}))
        .await?;
    let team = text(&team, "id")?;
    let scopes: Vec<_> = Permission::ALL.iter().map(|it| it.as_str()).collect();
    let expires_at = (now() + TOKEN_LIFETIME).to_string();
    let wish = json!({"label": "demo", "scopes": scopes, "expires_at": expires_at});
    let path = format!("/v1/teams/{team}/api-tokens");
    let token = person.post(&path, &wish).await?;
    Ok(DemoOwner {
        token: text(&token, "token")?,
        team,
        session,
    })
}

fn now() -> Timestamp {
    use domain::ports::Clock as _;
    crate::system::SystemClock.now()
}

fn text(value: &Value, field: &str) -> Result<String, String> {
    let found = value[field].as_str().map(ToOwned::to_owned);
    found.ok_or_else(|| format!("the answer has no `{field}`"))
}

/// The token in the only mail of the outbox.
async fn mailed_token(outbox: &Path) -> Result<String, String> {
    let deadline = tokio::time::Instant::now() + MAIL_PATIENCE;
    loop {
        if let Some(token) = token_in(outbox) {
            return Ok(token);
        }
        if tokio::time::Instant::now() >= deadline {
            return Err(format!("no mail came to {}", outbox.display()));
        }
        tokio::time::sleep(MAIL_POLL).await;
    }
}

fn token_in(outbox: &Path) -> Option<String> {
    let mails = std::fs::read_dir(outbox).ok()?;
    mails.flatten().find_map(|mail| {
        let text = std::fs::read_to_string(mail.path()).ok()?;
        let begin = text.find(LINK_TOKEN)?;
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let token = text[begin..].split(|c| !is_part(c)).next()?;
        Some(token.to_owned())
    })
}
