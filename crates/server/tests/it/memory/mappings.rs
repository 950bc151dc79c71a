//! The memory of a process that can hold what it was given: everything it may have written to. What
//! only shows a file is left out.

use std::path::Path;

/// What a mapping is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What the allocator took at first.
    Heap,
    /// What a thread works on.
    Stack,
    /// What the allocator took later, for other threads and for large blocks.
    Anonymous,
    /// A file, or data of the program itself.
    File,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Heap, Self::Stack, Self::Anonymous, Self::File];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Heap => "heap",
            Self::Stack => "stack",
            Self::Anonymous => "anonymous",
            Self::File => "file",
        }
    }
}

/// One stretch of memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) kind: Kind,
}

/// The readable and writable stretches.
pub(super) fn mappings_of(process: u32) -> Vec<Mapping> {
    let folder = format!("/proc/{process}");
    let text = std::fs::read_to_string(format!("{folder}/maps")).expect("a running process");
    let stacks = stack_pointers(Path::new(&folder));
    text.lines()
        .filter_map(|line| mapping_of(line, &stacks))
        .collect()
}

fn mapping_of(line: &str, stacks: &[u64]) -> Option<Mapping> {
    let mut fields = line.split_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let start = u64::from_str_radix(start, 16).ok()?;
    let end = u64::from_str_radix(end, 16).ok()?;
    if !fields.next()?.starts_with("rw") {
        return None;
    }
    let kind = match fields.nth(3) {
        Some("[heap]") => Kind::Heap,
        Some("[stack]") => Kind::Stack,
        Some(_) => Kind::File,
        None if stacks.iter().any(|stack| (start..end).contains(stack)) => Kind::Stack,
        None => Kind::Anonymous,
    };
    Some(Mapping { start, end, kind })
}

/// Where the stacks of waiting threads are; a thread that is running just now keeps its own to itself.
fn stack_pointers(folder: &Path) -> Vec<u64> {
    let threads = std::fs::read_dir(folder.join("task")).into_iter().flatten();
    threads
        .flatten()
        .filter_map(|thread| {
            // Number and arguments of the call it waits in, then stack pointer and place.
            let text = std::fs::read_to_string(thread.path().join("syscall")).ok()?;
            let pointer = text.split_whitespace().rev().nth(1)?;
            u64::from_str_radix(pointer.strip_prefix("0x")?, 16).ok()
        })
        .collect()
}

#[test]
fn only_what_can_be_written_to_is_looked_at() {
    let read = |line| mapping_of(line, &[0x7f00_0000_1000]);
    let heap = read("55d0c0000000-55d0c0021000 rw-p 00000000 00:00 0          [heap]");
    assert_eq!(heap.map(|mapping| mapping.kind), Some(Kind::Heap));
    let stack = read("7f0000000000-7f0000200000 rw-p 00000000 00:00 0 ");
    assert_eq!(stack.map(|mapping| mapping.kind), Some(Kind::Stack));
    let arena = read("7f0000200000-7f0000221000 rw-p 00000000 00:00 0 ");
    let expected = Mapping {
        start: 0x7f00_0020_0000,
        end: 0x7f00_0022_1000,
        kind: Kind::Anonymous,
    };
    assert_eq!(arena, Some(expected));
    assert_eq!(
        read("55d0bf000000-55d0bf100000 r-xp 00000000 08:01 7 /bin/program"),
        None
    );
    assert_eq!(
        read("7f0000221000-7f0004000000 ---p 00000000 00:00 0 "),
        None
    );
}
