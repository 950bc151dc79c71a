//! The log files of a node: text that grows with what is done to the node.
//!
//! It must not hold a clock: equal work gives equal text.

use crate::world::World;

/// Gets a line whenever the node starts.
const RUN_LOG: &str = "/var/log/run.log";
/// Gets a line for every command that was run.
const COMMAND_LOG: &str = "/var/log/commands.log";

#[derive(Clone, Debug, Default)]
pub(crate) struct NodeLog {
    pub(crate) files: Vec<LogFile>,
}

#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl NodeLog {
    /// The logs of a node that has just started, under those of the world for its layer.
    pub(crate) fn of_new_node(world: &World, node_group: &str) -> Self {
        let mut log = Self::default();
        log.note_run("started");
        log.append(COMMAND_LOG, "");
        for stored in world.logs.iter().filter(|stored| {
            stored
                .node_group
                .as_deref()
                .is_none_or(|group| group == node_group)
        }) {
            log.append(&stored.path, &stored.text);
        }
        log
    }

    /// Numbered, because time would make equal runs differ.
    pub(crate) fn note_run(&mut self, event: &str) {
        self.note(RUN_LOG, event);
    }

    pub(crate) fn note_command(&mut self, exit_status: i32) {
        self.note(COMMAND_LOG, &format!("command ended with {exit_status}"));
    }

    pub(crate) fn file(&self, path: &str) -> Option<&LogFile> {
        self.files.iter().find(|file| file.path == path)
    }

    fn note(&mut self, path: &str, event: &str) {
        let lines = self
            .file(path)
            .map_or(0, |file| file.text.matches('\n').count());
        self.append(path, &format!("{} {event}\n", lines + 1));
    }

    fn append(&mut self, path: &str, text: &str) {
        if let Some(file) = self.files.iter_mut().find(|file| file.path == path) {
            file.text.push_str(text);
        } else {
            self.files.push(LogFile {
                path: path.to_owned(),
                text: text.to_owned(),
            });
        }
    }
}
