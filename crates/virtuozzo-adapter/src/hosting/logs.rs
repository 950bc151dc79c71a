//! Log files of nodes.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::{FilePath, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{LogFile, LogRange, PlatformLogs, PlatformReadError};

#[async_trait]
impl PlatformLogs for VirtuozzoPlatforms {
    async fn list_log_files(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
        _: PlatformNodeId,
    ) -> Result<Vec<LogFile>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn read_log(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &FilePath,
        _: LogRange,
    ) -> Result<String, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }
}
