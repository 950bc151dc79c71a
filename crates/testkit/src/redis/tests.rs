use super::RedisServer;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn a_restarted_server_is_empty_and_keeps_its_port() {
    let mut server = RedisServer::start();
    let url = server.url();
    assert_eq!(server.ask("SET key value").unwrap(), "+OK\r\n");
    assert_eq!(server.ask("EXISTS key").unwrap(), ":1\r\n");
    server.stop();
    assert!(server.ask("PING").is_err());
    server.restart();
    assert_eq!(server.ask("EXISTS key").unwrap(), ":0\r\n");
    assert_eq!(server.url(), url);
}

#[test]
fn flushing_deletes_everything() {
    let server = RedisServer::start();
    server.ask("SET key value").unwrap();
    server.flush_all();
    assert_eq!(server.ask("EXISTS key").unwrap(), ":0\r\n");
}

#[test]
fn a_paused_server_answers_nothing_until_it_is_resumed() {
    let mut server = RedisServer::start();
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    server.pause();
    stream.write_all(b"PING\r\n").unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(50)))
        .unwrap();
    let mut answer = [0; 7];
    assert!(stream.read_exact(&mut answer).is_err());
    server.resume();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"+PONG\r\n");
}
