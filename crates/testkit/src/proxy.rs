//! A TCP proxy that misbehaves on demand, between a program and a server it speaks to.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

#[cfg(test)]
mod tests;

/// How connections are treated, those that stand as well as new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Bytes go through.
    Fair,
    /// Bytes go through later, in both directions.
    Slow(Duration),
    /// Connections end, new ones are closed at once.
    Down,
    /// Connections stand, and nothing comes through in either direction.
    BlackHole,
    /// Nothing comes to the server; its own bytes come back.
    OnlyToClient,
    /// Nothing comes back; the server gets everything.
    OnlyToServer,
}

/// What happens to the request that holds a text, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ambush {
    /// The connection ends before the server gets it.
    RequestLost(String),
    /// The server gets it; the connection ends before an answer comes back.
    AnswerLost(String),
}

impl Ambush {
    fn text(&self) -> &str {
        match self {
            Self::RequestLost(text) | Self::AnswerLost(text) => text,
        }
    }
}

struct Shared {
    target: SocketAddr,
    weather: watch::Sender<Weather>,
    ambush: Mutex<Option<Ambush>>,
}

impl Shared {
    fn ambush(&self) -> MutexGuard<'_, Option<Ambush>> {
        self.ambush.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ambush that these bytes run into. It is over with that.
    fn spring(&self, bytes: &[u8]) -> Option<Ambush> {
        let mut ambush = self.ambush();
        let text = ambush.as_ref()?.text().as_bytes().to_vec();
        let is_in = bytes.windows(text.len()).any(|window| window == text);
        if is_in { ambush.take() } else { None }
    }
}

/// A proxy in front of one server. Dropping it ends all its connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// Listens on a free port of this machine, in fair weather.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let shared = Arc::new(Shared {
            target,
            weather: watch::Sender::new(Weather::Fair),
            ambush: Mutex::new(None),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&shared)));
        Self {
            address,
            shared,
            _tasks: tasks,
        }
    }

    /// Where to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how connections are treated from now on.
    pub fn set(&self, weather: Weather) {
        self.shared.weather.send_replace(weather);
    }

    /// Waits for the next request that holds the text.
    pub fn lie_in_wait(&self, ambush: Ambush) {
        *self.shared.ambush() = Some(ambush);
    }

    /// Whether nothing is waited for (any more).
    pub fn is_sprung(&self) -> bool {
        self.shared.ambush().is_none()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        if *shared.weather.borrow() != Weather::Down {
            connections.spawn(carry(client, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn carry(client: TcpStream, shared: Arc<Shared>) {
    let Ok(server) = TcpStream::connect(shared.target).await else {
        return;
    };
    for stream in [&client, &server] {
        // A proxy that waits for more to send would be slow weather of its own.
        drop(stream.set_nodelay(true));
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut weather = shared.weather.subscribe();
    let is_deaf = AtomicBool::new(false);
    tokio::select! {
        () = pump(from_client, to_server, &shared, Direction::ToServer, &is_deaf) => {}
        () = pump(from_server, to_client, &shared, Direction::ToClient, &is_deaf) => {}
        _ = weather.wait_for(|weather| *weather == Weather::Down) => {}
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

/// Carries bytes until one side ends, or an ambush does. A deaf connection ends with the answer.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    direction: Direction,
    is_deaf: &AtomicBool,
) {
    let mut weather = shared.weather.subscribe();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let bytes = &buffer[..length];
        // Held, not lost: TCP would deliver them when the weather is fair again.
        let comes_through = |weather: &Weather| match weather {
            Weather::BlackHole => false,
            Weather::OnlyToClient => direction == Direction::ToClient,
            Weather::OnlyToServer => direction == Direction::ToServer,
            Weather::Fair | Weather::Slow(_) | Weather::Down => true,
        };
        let Ok(now) = weather.wait_for(comes_through).await.map(|it| *it) else {
            return;
        };
        if let Weather::Slow(delay) = now {
            tokio::time::sleep(delay).await;
        }
        let sprung = (direction == Direction::ToServer)
            .then(|| shared.spring(bytes))
            .flatten();
        match sprung {
            Some(Ambush::RequestLost(_)) => return,
            Some(Ambush::AnswerLost(_)) => is_deaf.store(true, Ordering::Release),
            None => {}
        }
        if direction == Direction::ToClient && is_deaf.load(Ordering::Acquire) {
            return;
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
