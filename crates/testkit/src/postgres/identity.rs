//! Which user PostgreSQL runs as: it refuses to run as root.

use std::path::Path;

/// User and group to run as, when we are root; `None` means as we are.
pub(super) fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("every machine has accounts");
    let identity =
        find_account(&accounts, "postgres").or_else(|| find_account(&accounts, "nobody"));
    Some(identity.expect("root needs an account `postgres` or `nobody` to run PostgreSQL as"))
}

/// Makes the folder belong to the user PostgreSQL runs as.
pub(super) fn hand_over(folder: &Path) {
    if let Some((user, group)) = unprivileged() {
        std::os::unix::fs::chown(folder, Some(user), Some(group))
            .expect("root may give a folder away");
    }
}

fn find_account(accounts: &str, name: &str) -> Option<(u32, u32)> {
    accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields[..] {
            [account, _, user, group, ..] if account == name => {
                Some((user.parse().ok()?, group.parse().ok()?))
            }
            _ => None,
        }
    })
}
