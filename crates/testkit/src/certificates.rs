//! Certificates for `localhost` that vouch for themselves, made by `openssl`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A certificate and its key, as files.
pub struct SelfSigned {
    /// The certificate, in PEM form.
    pub certificate: PathBuf,
    /// Its private key, in PEM form.
    pub key: PathBuf,
}

impl SelfSigned {
    /// A new one, written over what was at its place. Panics without `openssl`.
    pub fn make(folder: &Path, name: &str) -> Self {
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
