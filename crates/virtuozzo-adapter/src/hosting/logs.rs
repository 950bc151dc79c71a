//! Log files of nodes.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::map;
use crate::wire;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::{FilePath, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{LogFile, LogRange, PlatformLogs, PlatformReadError};

#[async_trait]
impl PlatformLogs for VirtuozzoPlatforms {
    async fn list_log_files(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<Vec<LogFile>, PlatformReadError> {
        let call = calls::logs::log_files(short_domain, node);
        self.read(account, call, |body| {
            Ok(map::logs::log_files(wire::read(body)?))
        })
        .await
    }

    async fn read_log(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        path: &FilePath,
        range: LogRange,
    ) -> Result<String, PlatformReadError> {
        let call = calls::logs::read_log(short_domain, node, path, range);
        self.read(account, call, |body| {
            Ok(map::logs::log_text(wire::read(body)?, range))
        })
        .await
    }
}
