//! The windlass binary: reads its arguments and runs one command.

use clap::Parser as _;
use server::commands::{CommandLine, run};
use std::alloc::System;
use std::process::ExitCode;
use zeroizing_alloc::ZeroAlloc;

/// Wipes what is freed: parsers, HTTP and TLS copy secrets into buffers that none of our types owns.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("the operating system gives a process its threads and its poller");
    runtime.block_on(run(command_line))
}
