//! The certificate that the API shows: read at the start, and again when its files change.

use super::StartError;
use crate::configuration::TlsFiles;
use api::{IdentityError, ServerIdentity};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// How often it is looked whether the files have changed.
const LOOK_INTERVAL: Duration = Duration::from_secs(10);

/// When each of the files was written, and how long it is.
type Versions = [Option<(SystemTime, u64)>; 2];

/// The certificate and its key, as the files have them.
pub(super) fn read(files: &TlsFiles) -> Result<ServerIdentity, StartError> {
    let (chain, key) = contents(files)?;
    ServerIdentity::new(&chain, &key).map_err(unfit)
}

/// The key leaves nothing in memory.
fn contents(files: &TlsFiles) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), StartError> {
    let read = |key: &'static str, path: &Path| {
        std::fs::read(path).map_err(|source| StartError::TlsFile {
            key,
            path: path.to_owned(),
            source,
        })
    };
    let chain = read("http.tls_certificate", &files.certificate)?;
    let key = Zeroizing::new(read("http.tls_key", &files.key)?);
    Ok((chain, key))
}

fn unfit(source: IdentityError) -> StartError {
    let key = match source {
        IdentityError::NoCertificate => "http.tls_certificate",
        _ => "http.tls_key",
    };
    StartError::Tls { key, source }
}

/// Shows what the files have whenever they change. While they are not fit for use, such as between the writing of the
/// one and of the other, the certificate from before stays.
pub(super) async fn keep_current(
    identity: ServerIdentity,
    files: TlsFiles,
    shutdown: CancellationToken,
) {
    let mut shown = versions(&files);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(LOOK_INTERVAL) => {}
        }
        let found = versions(&files);
        if found == shown {
            continue;
        }
        shown = found;
        let replaced =
            contents(&files).and_then(|(chain, key)| identity.replace(&chain, &key).map_err(unfit));
        match replaced {
            Ok(()) => tracing::info!("the certificate was read anew"),
            Err(error) => {
                let error = telemetry::error_chain::ErrorChain(&error);
                tracing::warn!(%error, "the certificate from before stays");
            }
        }
    }
}

fn versions(files: &TlsFiles) -> Versions {
    let version = |path: &Path| -> io::Result<(SystemTime, u64)> {
        let metadata = std::fs::metadata(path)?;
        Ok((metadata.modified()?, metadata.len()))
    };
    [&files.certificate, &files.key].map(|path| version(path).ok())
}
