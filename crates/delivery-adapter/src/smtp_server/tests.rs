use super::*;

fn parse(url: &str) -> Result<SmtpServer, MailSettingError> {
    SmtpServer::parse(&SecretText::new(url.to_owned()))
}

fn shown(url: &str) -> (String, u16, SmtpEncryption, Option<(String, String)>) {
    let server = parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    let credentials = server
        .credentials
        .map(|(user, password)| (user.expose().to_owned(), password.expose().to_owned()));
    (server.host, server.port, server.encryption, credentials)
}

#[test]
fn what_leaves_the_machine_is_always_encrypted() {
    use SmtpEncryption::{None as Open, StartTls, Tls};
    let cases = [
        ("smtp://mail.example.com", "mail.example.com", 587, StartTls),
        (
            "smtp://mail.example.com:25/",
            "mail.example.com",
            25,
            StartTls,
        ),
        ("smtps://mail.example.com", "mail.example.com", 465, Tls),
        ("smtp://192.0.2.1", "192.0.2.1", 587, StartTls),
        (
            "smtp://localhost.example.com",
            "localhost.example.com",
            587,
            StartTls,
        ),
        ("smtp://localhost:1025", "localhost", 1025, Open),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Open),
        ("smtp://[::1]:1025", "::1", 1025, Open),
        ("smtps://localhost", "localhost", 465, Tls),
    ];
    for (url, host, port, encryption) in cases {
        assert_eq!(
            shown(url),
            (host.to_owned(), port, encryption, None),
            "{url}"
        );
    }
}

#[test]
fn user_and_password_may_hold_anything() {
    let (_, _, _, credentials) =
        shown("smtp://windlass%40example.com:p%3Aw%2F%25%C3%BC@mail.example.com");
    let expected = ("windlass@example.com".to_owned(), "p:w/%ü".to_owned());
    assert_eq!(credentials, Some(expected));
}

#[test]
fn anything_else_is_refused_without_repeating_it() {
    for url in [
        "",
        "mail.example.com:587",
        "http://hidden@mail.example.com",
        "smtp://",
        "smtp://hidden@mail.example.com",
        "smtp://:hidden@mail.example.com",
        "smtp://mail.example.com/hidden",
        "smtp://mail.example.com?tls=hidden",
        "smtp://u:hidden%ZZ@mail.example.com",
        "smtp://u:hidden%FF@mail.example.com",
    ] {
        let error = parse(url)
            .err()
            .unwrap_or_else(|| panic!("{url} was taken"));
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
}
