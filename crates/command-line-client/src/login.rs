//! `windlass login`.

use crate::connection::Connection;
use crate::failure::Failure;
use crate::output;
use crate::stored_login::StoredLogin;
use std::io::{BufRead as _, IsTerminal as _};
use zeroize::Zeroizing;

/// Tries the token before it is kept: one that is not good is refused, and what was kept before stays.
pub(crate) async fn run(server: &str) -> Result<(), Failure> {
    let token = read_token()?;
    let connection = Connection::new(server, token.clone())?;
    let me = connection.get("/v1/me").await?;
    let team = me["team_id"]
        .as_str()
        .ok_or_else(|| Failure::Usage("the credential is not an API token of a team".to_owned()))?;
    let login = StoredLogin {
        server: server.trim_end_matches('/').to_owned(),
        team: team.to_owned(),
        token,
    };
    let path = login.keep()?;
    let name = me["team_name"].as_str().unwrap_or(team);
    output::say(&format!("logged in to {name}; kept in {}", path.display()));
    Ok(())
}

/// From standard input, so that it stands in no list of processes and no history of a shell.
fn read_token() -> Result<Zeroizing<String>, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        output::tell("API token (it is shown while you paste it): ");
    }
    let mut line = Zeroizing::new(String::new());
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::Usage(format!("the token cannot be read: {error}")))?;
    let token = Zeroizing::new(line.trim().to_owned());
    if token.is_empty() {
        return Err(Failure::Usage(
            "the token is expected on standard input".to_owned(),
        ));
    }
    Ok(token)
}
