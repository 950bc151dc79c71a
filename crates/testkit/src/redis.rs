//! Throwaway Redis servers from the installed program. What they hold is gone when they stop.

use crate::environment;
use crate::ports::free_port;
use crate::process::{ManagedProcess, ProcessOptions};
use crate::wait::until_blocking;
use rustix::process::Signal;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[cfg(test)]
mod tests;

const READY_DEADLINE: Duration = Duration::from_secs(20);
const ANSWER_DEADLINE: Duration = Duration::from_secs(5);
/// Other processes take free ports as well.
const PORT_ATTEMPTS_MAX: u32 = 5;
const MISSING: &str = "redis-server is not installed: `apt-get install redis-server` installs it, \
                       and `cargo xtask test` does so as root";

/// A Redis server of our own. It ends when it is dropped, and also when this process is killed.
pub struct RedisServer {
    process: Option<ManagedProcess>,
    program: PathBuf,
    port: u16,
    // After the process: the folder goes when nobody writes to it any more.
    folder: TempDir,
}

impl RedisServer {
    /// Starts an empty server. Panics when the program is missing or it does not start.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("windlass-redis-")
            .tempdir()
            .expect("the folder for temporary files can be written to");
        let mut server = Self {
            process: None,
            program: environment::find_program("redis-server").expect(MISSING),
            port: 0,
            folder,
        };
        for _ in 0..PORT_ATTEMPTS_MAX {
            server.port = free_port();
            if server.launch() {
                return server;
            }
        }
        panic!("redis-server does not start:\n{}", server.log());
    }

    /// The URL of the server that all tests of this run share: the one `cargo xtask test` started,
    /// else one that lives as long as this process. Tests use key prefixes of their own in it, and
    /// never stop or flush it: who needs that starts a server.
    pub fn shared_url() -> String {
        static SHARED: OnceLock<RedisServer> = OnceLock::new();
        environment::variable(environment::SHARED_REDIS_URL)
            .unwrap_or_else(|| SHARED.get_or_init(Self::start).url())
    }

    /// The URL. The same after a restart.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// The TCP port on 127.0.0.1. The same after a restart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it as a crash would: connections break, and everything in it is lost. Does nothing when
    /// it is stopped.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Stops it if it runs, and starts it again, empty, on the same port.
    pub fn restart(&mut self) {
        self.stop();
        until_blocking("redis-server has its port again", READY_DEADLINE, || {
            self.launch().then_some(())
        });
    }

    /// Deletes everything in it.
    pub fn flush_all(&self) {
        let answer = self.ask("FLUSHALL").expect("the server runs");
        assert_eq!(answer, "+OK\r\n", "FLUSHALL was refused");
    }

    /// Freezes it: connections stay open and nothing is answered.
    pub fn pause(&mut self) {
        self.running_process().pause();
    }

    /// Lets a frozen server go on.
    pub fn resume(&mut self) {
        self.running_process().resume();
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("redis.out")).unwrap_or_default()
    }

    fn running_process(&mut self) -> &mut ManagedProcess {
        self.process.as_mut().expect("the server was not stopped")
    }

    /// Whether the server came up; false when it gave up, as it does when its port is taken.
    fn launch(&mut self) -> bool {
        let options = ProcessOptions::new(&self.program)
            .arguments(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .arguments(["--save", "", "--appendonly", "no", "--dir"])
            .argument(self.folder.path())
            .end_signal(Signal::KILL)
            .removed_if_orphaned(self.folder.path());
        let mut process = ManagedProcess::spawn(&options, &self.folder.path().join("redis"));
        let began = Instant::now();
        while began.elapsed() < READY_DEADLINE && process.is_running() {
            // A stranger on our port may answer, too; but then our server gives up at once.
            if self.ask("PING").is_ok_and(|answer| answer == "+PONG\r\n") && process.is_running() {
                self.process = Some(process);
                return true;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        false
    }

    /// Sends an inline command and reads the one line that answers it.
    fn ask(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(ANSWER_DEADLINE))?;
        stream.write_all(format!("{command}\r\n").as_bytes())?;
        let mut answer = Vec::new();
        let mut byte = [0];
        while !answer.ends_with(b"\r\n") && stream.read(&mut byte)? == 1 {
            answer.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}
