//! The simulator as a program: reads a world file, listens, says where, runs until interrupted.
//!
//! It must not do anything that the library cannot.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use serde_json::json;
use virtuozzo_simulator::{Profile, Simulator, SimulatorOptions, StartError, World, WorldError};

/// A local Virtuozzo Application Platform for trying clients on.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// World file (TOML); without one, a built-in example world.
    #[arg(long)]
    world: Option<PathBuf>,
    /// Print the built-in example world and exit.
    #[arg(long)]
    print_example_world: bool,
    /// Address of the platform.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Address of the control port.
    #[arg(long, default_value = "127.0.0.1:0")]
    control_listen: String,
    /// Seed of made-up identifiers; else the world's, else a random one.
    #[arg(long)]
    seed: Option<u64>,
    /// How much the simulator may make up.
    #[arg(long, value_enum, default_value = "convenient")]
    profile: ProfileArgument,
    /// Factor on how long work takes; 0 means no time.
    #[arg(long, default_value_t = 1.0)]
    time_scale: f64,
    /// File that gets the same JSON line as the standard output, once ready.
    #[arg(long)]
    ready_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileArgument {
    Faithful,
    Convenient,
}

#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error("world file {path} cannot be read: {source}")]
    ReadWorld {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{0}")]
    World(#[from] WorldError),
    #[error("no random seed: {0}")]
    Seed(#[from] getrandom::Error),
    #[error("{error}: {}", std::error::Error::source(error).map_or_else(String::new, ToString::to_string))]
    Start { error: StartError },
    #[error("ready file {path} cannot be written: {source}")]
    WriteReady {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot wait for signals: {0}")]
    Signal(std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    if arguments.print_example_world {
        say(World::EXAMPLE_TOML);
        return ExitCode::SUCCESS;
    }
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), RunError> {
    let world = read_world(arguments.world.as_deref())?;
    let seed = match arguments.seed.or(world.seed) {
        Some(seed) => seed,
        None => getrandom::u64()?,
    };
    let options = SimulatorOptions {
        world,
        seed,
        listen: arguments.listen,
        control_listen: Some(arguments.control_listen),
        profile: match arguments.profile {
            ProfileArgument::Faithful => Profile::Faithful,
            ProfileArgument::Convenient => Profile::Convenient,
        },
        time_scale: arguments.time_scale,
    };
    let simulator = Simulator::start(options)
        .await
        .map_err(|error| RunError::Start { error })?;
    let ready = json!({
        "base_url": simulator.base_url(),
        "control_url": simulator.control_url(),
        "seed": seed,
    });
    let line = format!("{ready}\n");
    if let Some(path) = arguments.ready_file {
        write_whole(&path, &line).map_err(|source| RunError::WriteReady { path, source })?;
    }
    say(&line);
    until_told_to_stop().await.map_err(RunError::Signal)?;
    simulator.stop().await;
    Ok(())
}

fn read_world(path: Option<&Path>) -> Result<World, RunError> {
    let Some(path) = path else {
        return Ok(World::example());
    };
    let text = std::fs::read_to_string(path).map_err(|source| RunError::ReadWorld {
        path: path.to_owned(),
        source,
    })?;
    Ok(World::from_toml(&text)?)
}

/// Whoever waits for the file sees it whole or not at all.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, text)?;
    std::fs::rename(&unfinished, path)
}

#[expect(
    clippy::print_stdout,
    reason = "the ready line is this program's output"
)]
fn say(text: &str) {
    print!("{text}");
}

async fn until_told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
