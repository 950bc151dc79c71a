use super::test_server::{Manner, TestServer};
use super::*;
use crate::letter::{Links, Writing};
use base64::Engine as _;
use domain::SecretText;
use domain::names::EmailAddress;
use domain::ports::{Mail, MailMessage};
use jiff::Timestamp;
use uuid::Uuid;

fn from() -> MailFrom {
    MailFrom::parse("Windlass <windlass@example.com>").unwrap()
}

fn letter() -> Letter {
    let mail = Mail {
        to: EmailAddress::parse("anna@example.com").unwrap(),
        message: MailMessage::ResetPassword {
            token: SecretText::new("wdl_reset_token".to_owned()),
        },
    };
    let links = Links::below("https://windlass.example.com").unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    Letter::write(
        &mail,
        &from(),
        &links,
        Writing::Safe,
        Uuid::from_u128(1),
        now,
    )
    .unwrap()
}

fn server(port: u16, encryption: SmtpEncryption, password: Option<&str>) -> SmtpServer {
    let credentials = password.map(|password| {
        let secret = |text: &str| SecretText::new(text.to_owned());
        (secret("windlass"), secret(password))
    });
    SmtpServer {
        host: "127.0.0.1".to_owned(),
        port,
        encryption,
        credentials,
    }
}

async fn send(server: &SmtpServer) -> Result<(), SmtpFailure> {
    let transport = SmtpTransport::new(server, &from(), None).unwrap();
    transport.send(&letter()).await
}

#[tokio::test]
async fn a_mail_reaches_the_server_whole() {
    let fake = TestServer::start(Manner::Takes).await;
    let server = server(fake.port, SmtpEncryption::None, Some("hunter2"));
    send(&server).await.unwrap();
    let taken = fake.taken();
    assert_eq!(taken.len(), 1);
    assert!(
        taken[0]
            .from
            .starts_with("MAIL FROM:<windlass@example.com>")
    );
    assert_eq!(taken[0].to, ["RCPT TO:<anna@example.com>"]);
    let data = &taken[0].data;
    for part in [
        "From: Windlass <windlass@example.com>\n",
        "To: anna@example.com\n",
        "Subject: Choose a new password\n",
        "Auto-Submitted: auto-generated\n",
        "Content-Transfer-Encoding: 7bit\n",
        "\nhttps://windlass.example.com/reset-password#token=wdl_reset_token\n",
        "\nwdl_reset_token\n",
    ] {
        assert!(data.contains(part), "{part:?} is not in {data}");
    }
    let said = fake.lines();
    assert_eq!(said[0], "EHLO example.com");
    let credentials = base64::engine::general_purpose::STANDARD.encode("\0windlass\0hunter2");
    assert!(
        said.contains(&format!("AUTH PLAIN {credentials}")),
        "{said:?}"
    );
}

#[tokio::test]
async fn without_the_encryption_that_was_asked_for_nothing_is_said() {
    let fake = TestServer::start(Manner::Takes).await;
    for encryption in [SmtpEncryption::StartTls, SmtpEncryption::Tls] {
        let server = server(fake.port, encryption, Some("hunter2"));
        let failure = send(&server).await.unwrap_err();
        assert!(!failure.is_final(), "{failure}");
    }
    let said = fake.lines();
    assert!(fake.taken().is_empty());
    assert!(
        said.iter().all(|line| !line.starts_with("AUTH")),
        "{said:?}"
    );
    assert!(
        said.iter().all(|line| !line.starts_with("MAIL")),
        "{said:?}"
    );
}

#[tokio::test]
async fn refusals_are_final_and_everything_else_is_not() {
    let refusing = TestServer::start(Manner::Refuses).await;
    let failure = send(&server(refusing.port, SmtpEncryption::None, None)).await;
    let failure = failure.unwrap_err();
    assert!(matches!(failure, SmtpFailure::Refused(550)), "{failure}");
    assert!(failure.is_final());

    let busy = TestServer::start(Manner::PutsOff(1)).await;
    let failure = send(&server(busy.port, SmtpEncryption::None, None)).await;
    let failure = failure.unwrap_err();
    assert!(matches!(failure, SmtpFailure::PutOff(451)), "{failure}");
    assert!(!failure.is_final());

    let gone = TestServer::start(Manner::HangsUp(1)).await;
    let failure = send(&server(gone.port, SmtpEncryption::None, None)).await;
    let failure = failure.unwrap_err();
    assert!(!failure.is_final(), "{failure}");

    let port = gone.port;
    drop(gone);
    let failure = send(&server(port, SmtpEncryption::None, None))
        .await
        .unwrap_err();
    assert!(matches!(failure, SmtpFailure::Connection(_)), "{failure}");
}

#[tokio::test]
async fn what_the_server_says_is_not_repeated() {
    for manner in [Manner::Refuses, Manner::PutsOff(1)] {
        let fake = TestServer::start(manner).await;
        let failure = send(&server(fake.port, SmtpEncryption::None, None)).await;
        let text = telemetry::error_chain::ErrorChain(&failure.unwrap_err()).to_string();
        assert!(!text.contains("anna"), "{text}");
    }
}
