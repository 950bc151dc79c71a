//! A server that reads a request and then does what the script says. Threads and blocking sockets:
//! nothing here shares code with what is tested.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

/// What happens to one request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// 200 with this body.
    Json(String),
    /// This status with this body.
    Status(u16, &'static str),
    /// 200, a length of twenty bytes more than come, and the end of the connection.
    Truncated(String),
    /// The connection ends without an answer.
    Reset,
    /// Nothing, until the client goes.
    Silence,
    /// 200 and a body without end.
    Endless,
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

pub(crate) struct ScriptedServer {
    pub(crate) base_url: String,
    received: Arc<Mutex<Vec<Received>>>,
    gone: Mutex<mpsc::Receiver<()>>,
}

impl ScriptedServer {
    /// Answers the n-th request with the n-th reply, and every further one with the last.
    pub(crate) fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (tell_gone, gone) = mpsc::channel();
        let seen = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (script, seen, tell_gone) =
                    (script.clone(), Arc::clone(&seen), tell_gone.clone());
                std::thread::spawn(move || serve(&stream, &script, &seen, &tell_gone));
            }
        });
        Self {
            base_url,
            received,
            gone: Mutex::new(gone),
        }
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Returns when a client has closed a connection on which it got no answer.
    pub(crate) fn wait_until_client_is_gone(&self) {
        self.gone.lock().unwrap().recv().unwrap();
    }
}

fn serve(
    stream: &TcpStream,
    script: &[Reply],
    seen: &Mutex<Vec<Received>>,
    tell_gone: &mpsc::Sender<()>,
) {
    let mut reader = BufReader::new(stream);
    let Some(request) = read_request(&mut reader) else {
        return;
    };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        seen.len() - 1
    };
    let mut writer = stream;
    match script.get(number).or(script.last()).unwrap() {
        Reply::Json(body) => send(writer, 200, "application/json", body, 0),
        Reply::Status(status, body) => send(writer, *status, "text/html", body, 0),
        Reply::Truncated(body) => send(writer, 200, "application/json", body, 20),
        Reply::Reset => {}
        Reply::Silence => {
            let mut rest = Vec::new();
            // Ends when the client closes; whether by a reset or in order does not matter.
            if reader.read_to_end(&mut rest).is_ok() || rest.is_empty() {
                tell_gone.send(()).ok();
            }
        }
        Reply::Endless => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":\"";
            let mut result = writer.write_all(head.as_bytes());
            while result.is_ok() {
                result = writer.write_all(&[b'x'; 16_000]);
            }
            tell_gone.send(()).ok();
        }
    }
    stream.shutdown(Shutdown::Both).ok();
}

fn send(mut writer: &TcpStream, status: u16, kind: &str, body: &str, missing: usize) {
    let length = body.len() + missing;
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    writer.write_all(head.as_bytes()).ok();
    writer.write_all(body.as_bytes()).ok();
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
