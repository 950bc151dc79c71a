//! Starts the throwaway servers of a test run, prints where they are as one line of JSON, and ends
//! them when its standard input closes. `testkit-servers [postgres] [redis]`; both when none is named.

use std::io::{Read, Write};
use testkit::postgres::{PostgresOptions, PostgresServer};
use testkit::redis::RedisServer;

fn main() -> std::io::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let postgres = is_wanted("postgres").then(|| PostgresServer::start(PostgresOptions::default()));
    let redis = is_wanted("redis").then(RedisServer::start);

    let mut addresses = Vec::new();
    if let Some(server) = &postgres {
        addresses.push(format!(r#""postgres":"{}""#, server.url("postgres")));
    }
    if let Some(server) = &redis {
        addresses.push(format!(r#""redis":"{}""#, server.url()));
    }
    let mut output = std::io::stdout().lock();
    writeln!(output, "{{{}}}", addresses.join(","))?;
    output.flush()?;
    // Whoever started us holds the other end; it closes when they are done, or die.
    std::io::stdin().lock().read_to_end(&mut Vec::new())?;
    Ok(())
}
