//! Certificates for `localhost` that vouch for themselves.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate and its key, as files.
pub(crate) struct SelfSigned {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl SelfSigned {
    /// A new one, written over what was at its place.
    pub(crate) fn make(folder: &Path, name: &str) -> Self {
        let made = Self {
            certificate: folder.join(format!("{name}.certificate.pem")),
            key: folder.join(format!("{name}.key.pem")),
        };
        let output = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ])
            .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&made.key)
            .arg("-out")
            .arg(&made.certificate)
            .output()
            .expect("openssl comes with Debian's PostgreSQL");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        made
    }
}
