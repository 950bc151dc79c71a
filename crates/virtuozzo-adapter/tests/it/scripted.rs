//! A server that reads a request and then does what the script says. Threads and blocking sockets:
//! nothing here shares code with what is tested.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to one request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// 200 with this body, and the end of the connection.
    Json(String),
    /// 200 with this body on a connection that stays open.
    KeptAlive(String),
    /// This status with this body.
    Status(u16, &'static str),
    /// This status and this `location`.
    Redirect(u16, String),
    /// 200, a length of twenty bytes more than come, and the end of the connection.
    Truncated(String),
    /// The connection is reset while the request lies unread.
    ResetUnread,
    /// The request is read, and the connection ends without an answer.
    Reset,
    /// Nothing, until the client goes.
    Silence,
    /// 200 and a body without end.
    Endless,
    /// 200 and the announcement of a body of so many bytes, of which none comes.
    Announced(usize),
    /// 200 and a body without end, one byte at a time with this pause.
    Trickle(Duration),
}

impl Reply {
    pub(crate) fn json(body: &str) -> Self {
        Self::Json(body.to_owned())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
}

impl Received {
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.form
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Chooses a reply by the path of a request; asked once for each.
type Chooser = dyn Fn(&str) -> Reply + Send + Sync;

/// What every connection sees.
struct Shared {
    choose: Box<Chooser>,
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
    tell_gone: mpsc::Sender<()>,
}

pub(crate) struct ScriptedServer {
    pub(crate) base_url: String,
    shared: Arc<Shared>,
    gone: Mutex<mpsc::Receiver<()>>,
}

impl ScriptedServer {
    /// Answers the n-th request with the n-th reply, and every further one with the last.
    pub(crate) fn start(script: Vec<Reply>) -> Self {
        let next = AtomicUsize::new(0);
        Self::choosing(move |_| {
            let number = next.fetch_add(1, Ordering::SeqCst);
            script.get(number).or(script.last()).unwrap().clone()
        })
    }

    /// Answers a request as is chosen by its path.
    pub(crate) fn choosing(choose: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (tell_gone, gone) = mpsc::channel();
        let shared = Arc::new(Shared {
            choose: Box::new(choose),
            received: Mutex::default(),
            connections: AtomicUsize::new(0),
            tell_gone,
        });
        let seen = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&seen);
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self {
            base_url,
            shared,
            gone: Mutex::new(gone),
        }
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// How many connections were accepted so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns when a client has closed a connection on which it got no answer.
    pub(crate) fn wait_until_client_is_gone(&self) {
        self.gone.lock().unwrap().recv().unwrap();
    }
}

fn serve(stream: &TcpStream, shared: &Shared) {
    stream.set_nodelay(true).unwrap();
    while let Some(path) = next_path(stream) {
        let reply = (shared.choose)(&path);
        if matches!(reply, Reply::ResetUnread) {
            // A socket that is closed with unread data resets its connection.
            return;
        }
        let mut reader = BufReader::new(stream);
        let Some(request) = read_request(&mut reader) else {
            return;
        };
        shared.received.lock().unwrap().push(request);
        let stays_open = matches!(reply, Reply::KeptAlive(_));
        answer(&reply, reader, stream, shared);
        if !stays_open {
            break;
        }
    }
    stream.shutdown(Shutdown::Both).ok();
}

fn answer(
    reply: &Reply,
    mut reader: BufReader<&TcpStream>,
    mut writer: &TcpStream,
    shared: &Shared,
) {
    const CLOSING: &str = "connection: close\r\n";
    match reply {
        Reply::Json(body) => send(writer, 200, CLOSING, body, 0),
        Reply::KeptAlive(body) => send(writer, 200, "", body, 0),
        Reply::Status(status, body) => send(writer, *status, CLOSING, body, 0),
        Reply::Redirect(status, target) => {
            let headers = format!("{CLOSING}location: {target}\r\n");
            send(writer, *status, &headers, "", 0);
        }
        Reply::Truncated(body) => send(writer, 200, CLOSING, body, 20),
        Reply::ResetUnread | Reply::Reset => {}
        Reply::Silence => wait_until_gone(&mut reader, shared),
        Reply::Announced(length) => {
            send(writer, 200, CLOSING, "", *length);
            wait_until_gone(&mut reader, shared);
        }
        Reply::Endless => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":\"";
            let mut result = writer.write_all(head.as_bytes());
            while result.is_ok() {
                result = writer.write_all(&[b'x'; 16_000]);
            }
            shared.tell_gone.send(()).ok();
        }
        Reply::Trickle(pause) => {
            send(writer, 200, CLOSING, "", 1_000_000);
            // The pause is a look whether the client has gone.
            writer.set_read_timeout(Some(*pause)).unwrap();
            while !matches!(reader.read(&mut [0]), Ok(0)) && writer.write_all(b" ").is_ok() {}
            shared.tell_gone.send(()).ok();
        }
    }
}

fn wait_until_gone(reader: &mut BufReader<&TcpStream>, shared: &Shared) {
    let mut rest = Vec::new();
    // Ends when the client closes; whether by a reset or in order does not matter.
    if reader.read_to_end(&mut rest).is_ok() || rest.is_empty() {
        shared.tell_gone.send(()).ok();
    }
}

fn send(mut writer: &TcpStream, status: u16, headers: &str, body: &str, missing: usize) {
    let length = body.len() + missing;
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    writer.write_all(head.as_bytes()).ok();
    writer.write_all(body.as_bytes()).ok();
}

/// The path of the next request on the connection, which stays unread; `None` when there is none.
fn next_path(stream: &TcpStream) -> Option<String> {
    let mut start = [0; 512];
    loop {
        let length = stream.peek(&mut start).ok()?;
        let text = String::from_utf8_lossy(&start[..length]);
        if let Some((line, _)) = text.split_once("\r\n") {
            return line.split(' ').nth(1).map(str::to_owned);
        }
        if length == 0 || length == start.len() {
            return None;
        }
        std::thread::yield_now();
    }
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")?
        .1
        .parse()
        .ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let form = form_urlencoded::parse(&body).into_owned().collect();
    Some(Received {
        path,
        headers,
        form,
    })
}
