//! Log files of nodes, read from the platform while somebody waits. What a site writes there is foreign text: it goes
//! to who may read logs and nowhere else.

mod list_files;
mod read;
#[cfg(test)]
mod tests;

pub use list_files::ListLogFiles;
pub use read::{LogPiece, LogPlace, ReadLogFile};
