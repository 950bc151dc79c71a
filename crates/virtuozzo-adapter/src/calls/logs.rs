//! `environment/control`: log files of nodes.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::environment::PlatformNodeId;
use domain::names::{FilePath, ShortDomain};
use domain::ports::LogRange;

/// Reads which log files a node has.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetLogs> (primary
/// source; the answer is a tree). A read; answers at once.
pub(crate) fn log_files(short_domain: &ShortDomain, node: PlatformNodeId) -> Call {
    Call::new(Endpoint::GetLogs, of_node(short_domain, node))
}

/// Reads a piece of a log file. `from` and `count` are characters, whatever `linescount` in the answer
/// suggests.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-ReadLog> (confirmed).
/// A read; answers at once.
pub(crate) fn read_log(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    path: &FilePath,
    range: LogRange,
) -> Call {
    let form = of_node(short_domain, node)
        .with("path", path.as_str())
        .with_number("from", range.from)
        .with_number("count", range.count);
    Call::new(Endpoint::ReadLog, form)
}

fn of_node(short_domain: &ShortDomain, node: PlatformNodeId) -> Form {
    Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeId", node.0)
}
