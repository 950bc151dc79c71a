use super::{Ambush, Proxy, Weather};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Says everything twice.
async fn echo() -> (std::net::SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            connections.spawn(async move {
                let mut buffer = [0; 64];
                while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                    let said = [&buffer[..length], &buffer[..length]].concat();
                    if stream.write_all(&said).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, tasks)
}

async fn said(stream: &mut TcpStream, word: &str) -> Option<String> {
    stream.write_all(word.as_bytes()).await.ok()?;
    let mut buffer = vec![0; word.len() * 2];
    let reading = stream.read_exact(&mut buffer);
    let answer = tokio::time::timeout(Duration::from_millis(300), reading).await;
    answer.ok()?.ok()?;
    String::from_utf8(buffer).ok()
}

#[tokio::test]
async fn bytes_go_through_unless_the_weather_is_bad() {
    let (address, _echo) = echo().await;
    let proxy = Proxy::start(address).await;
    let mut stream = TcpStream::connect(proxy.address())
        .await
        .expect("it listens");
    assert_eq!(said(&mut stream, "one").await.as_deref(), Some("oneone"));
    for weather in [
        Weather::BlackHole,
        Weather::OnlyToClient,
        Weather::OnlyToServer,
    ] {
        let mut stream = TcpStream::connect(proxy.address())
            .await
            .expect("it listens");
        proxy.set(weather);
        assert_eq!(said(&mut stream, "two").await, None, "{weather:?}");
        proxy.set(Weather::Fair);
        let mut late = [0; 6];
        stream.read_exact(&mut late).await.expect("held, not lost");
        assert_eq!(&late, b"twotwo");
    }
    proxy.set(Weather::Down);
    assert_eq!(said(&mut stream, "three").await, None);
    proxy.set(Weather::Fair);
    let mut stream = TcpStream::connect(proxy.address())
        .await
        .expect("it listens");
    assert_eq!(said(&mut stream, "four").await.as_deref(), Some("fourfour"));
}

#[tokio::test]
async fn an_ambush_ends_one_connection_with_or_without_the_request() {
    let (address, _echo) = echo().await;
    let proxy = Proxy::start(address).await;
    for ambush in [
        Ambush::RequestLost("COMMIT".into()),
        Ambush::AnswerLost("COMMIT".into()),
    ] {
        let mut stream = TcpStream::connect(proxy.address())
            .await
            .expect("it listens");
        proxy.lie_in_wait(ambush);
        assert_eq!(
            said(&mut stream, "BEGIN").await.as_deref(),
            Some("BEGINBEGIN")
        );
        assert!(!proxy.is_sprung());
        assert_eq!(said(&mut stream, "COMMIT").await, None);
        assert!(proxy.is_sprung());
        let mut stream = TcpStream::connect(proxy.address())
            .await
            .expect("it listens");
        assert_eq!(
            said(&mut stream, "COMMIT").await.as_deref(),
            Some("COMMITCOMMIT")
        );
    }
}
