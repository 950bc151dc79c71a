//! The address and the token that the other commands use: from the environment, or as `windlass login` kept them, in a
//! file that nobody else can read.

use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const FILE: &str = "windlass/login.json";
/// What a script brings along instead: server, team and token.
pub(crate) const VARIABLES: [&str; 3] = ["WINDLASS_SERVER", "WINDLASS_TEAM", "WINDLASS_TOKEN"];

/// Who asks, and where.
pub(crate) struct StoredLogin {
    pub(crate) server: String,
    pub(crate) team: String,
    pub(crate) token: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    server: &'a str,
    team: &'a str,
    token: &'a str,
}

#[expect(
    clippy::disallowed_methods,
    reason = "where a user keeps files, and a login that a script brings along, are the user's; the service reads none of it"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

impl StoredLogin {
    /// `WINDLASS_SERVER`, `WINDLASS_TEAM` and `WINDLASS_TOKEN` when all three are there; else what was kept.
    pub(crate) fn of_process() -> Result<Self, Failure> {
        if let [Some(server), Some(team), Some(token)] = VARIABLES.map(variable) {
            return Ok(Self {
                server,
                team,
                token: Zeroizing::new(token),
            });
        }
        Self::read(&path()?)
    }

    fn read(path: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::NotLoggedIn);
            }
            Err(error) => return Err(fault(path, &error)),
        };
        let file: File<'_> = serde_json::from_str(&text).map_err(|error| fault(path, &error))?;
        Ok(Self {
            server: file.server.to_owned(),
            team: file.team.to_owned(),
            token: Zeroizing::new(file.token.to_owned()),
        })
    }

    /// Keeps it for this user, and says where.
    pub(crate) fn keep(&self) -> Result<PathBuf, Failure> {
        let path = path()?;
        self.write(&path)?;
        Ok(path)
    }

    /// Beside the old file first: a login is kept whole or not at all.
    fn write(&self, path: &Path) -> Result<(), Failure> {
        let file = File {
            server: &self.server,
            team: &self.team,
            token: &self.token,
        };
        let text = serde_json::to_string(&file).map_err(|error| fault(path, &error))?;
        let text = Zeroizing::new(text);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| fault(folder, &error))?;
        let beside = path.with_extension("new");
        // One that was left behind may be open to others.
        std::fs::remove_file(&beside).ok();
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)
            .map_err(|error| fault(&beside, &error))?;
        new.write_all(text.as_bytes())
            .and_then(|()| std::fs::rename(&beside, path))
            .map_err(|error| fault(path, &error))
    }
}

fn fault(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Login(format!("{}: {error}", path.display()))
}

fn path() -> Result<PathBuf, Failure> {
    let folder = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")));
    let folder = folder.ok_or_else(|| {
        Failure::Login("neither XDG_CONFIG_HOME nor HOME says where to keep a login".to_owned())
    })?;
    Ok(folder.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::StoredLogin;
    use std::os::unix::fs::PermissionsExt as _;
    use zeroize::Zeroizing;

    #[test]
    fn a_login_is_read_as_it_was_kept_and_by_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("login.json");
        assert!(StoredLogin::read(&path).is_err(), "nobody has logged in");
        for token in ["first", "second"] {
            let login = StoredLogin {
                server: "https://windlass.example.com".to_owned(),
                team: "team_1".to_owned(),
                token: Zeroizing::new(token.to_owned()),
            };
            login.write(&path).unwrap();
            let read = StoredLogin::read(&path).unwrap();
            assert_eq!((&*read.server, &*read.team), (&*login.server, "team_1"));
            assert_eq!(*read.token, token);
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login.json");
        std::fs::write(&path, "{\"server\": 1}").unwrap();
        let error = StoredLogin::read(&path).err().unwrap().to_string();
        assert!(error.contains("login.json"), "{error}");
    }
}
