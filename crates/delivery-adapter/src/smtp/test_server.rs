//! A mail server for tests: speaks SMTP over a real socket, takes or refuses as it is told, and keeps
//! every line of the conversation.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Takes,
    /// Puts the first so many off.
    PutsOff(usize),
    /// Never takes one.
    Refuses,
    /// Ends the first so many connections before it has said anything.
    HangsUp(usize),
    /// Takes the mail and says nothing any more.
    FallsSilent,
}

/// One mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
}

#[derive(Default)]
struct Book {
    lines: Mutex<Vec<String>>,
    taken: Mutex<Vec<Taken>>,
    connections: AtomicUsize,
    attempts: AtomicUsize,
}

/// The server; it ends when it is dropped.
pub(crate) struct TestServer {
    pub(crate) port: u16,
    book: Arc<Book>,
    accepting: JoinHandle<()>,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[expect(clippy::disallowed_methods, reason = "the test ends with its tasks")]
impl TestServer {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::new(Book::default());
        let accepting = {
            let book = Arc::clone(&book);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let connection = book.connections.fetch_add(1, Ordering::SeqCst);
                    if !matches!(manner, Manner::HangsUp(first) if connection < first) {
                        tokio::spawn(converse(stream, manner, Arc::clone(&book)));
                    }
                }
            })
        };
        Self {
            port,
            book,
            accepting,
        }
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.book.taken.lock().unwrap().clone()
    }

    /// Everything the client said.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.book.lines.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.book.connections.load(Ordering::SeqCst)
    }
}

async fn converse(stream: TcpStream, manner: Manner, book: Arc<Book>) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut mail = Taken {
        from: String::new(),
        to: Vec::new(),
        data: String::new(),
    };
    writing
        .write_all(b"220 test.example.com ESMTP\r\n")
        .await
        .ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        book.lines.lock().unwrap().push(line.clone());
        let answer = match line.split_whitespace().next().unwrap_or_default() {
            "EHLO" => "250-test.example.com\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "AUTH" => "235 ok",
            "MAIL" => {
                line.clone_into(&mut mail.from);
                "250 ok"
            }
            "RCPT" => {
                mail.to.push(line.clone());
                match manner {
                    Manner::Refuses => "550 there is nobody anna@example.com",
                    Manner::PutsOff(first)
                        if book.attempts.fetch_add(1, Ordering::SeqCst) < first =>
                    {
                        "451 come back later, anna@example.com"
                    }
                    _ => "250 ok",
                }
            }
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await.ok()?;
                while let Some(line) = lines.next_line().await.ok()? {
                    if line == "." {
                        break;
                    }
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push('\n');
                }
                book.taken.lock().unwrap().push(mail.clone());
                if manner == Manner::FallsSilent {
                    std::future::pending::<()>().await;
                }
                "250 ok"
            }
            "QUIT" => "221 bye",
            _ => "500 what?",
        };
        // In one piece: two small ones wait for each other's acknowledgement.
        let answer = format!("{answer}\r\n");
        writing.write_all(answer.as_bytes()).await.ok()?;
    }
    Some(())
}
