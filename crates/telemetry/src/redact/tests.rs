use super::*;

const SESSION: &str = "9f3x0123456789abcdef0123456789abcdef";
const TOKEN_40: &str = "0123456789abcdef0123456789abcdef01234567";
const OURS: &str = "wdl_api_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE_1a2b3c4d";

/// A text with a secret in it, and the secret.
fn texts_with_secrets() -> Vec<(String, &'static str)> {
    let shaped = |text: &str, secret: &'static str| (text.replace("{}", secret), secret);
    vec![
        shaped("session {} is not valid", SESSION),
        shaped("the value '{}' was refused", TOKEN_40),
        shaped("Bearer {} expired", OURS),
        shaped("use {}.", OURS),
        shaped("wdl:{}", OURS),
        shaped("session={}&envName=shop", "hunter2"),
        shaped("POST login=a@example.com&password={}", "hunter2"),
        shaped("password = {}", "hunter2"),
        shaped("Password: {}", "hunter2"),
        shaped("password => {}", "hunter2"),
        shaped("password '{}' is wrong", "hunter 2"),
        shaped("login={}&x=1", "owner@example.com"),
        shaped(r#"{"session":"{}","result":0}"#, "hunter2"),
        shaped(r#"{"password" : "{}"}"#, r#"hun\"ter2 with space"#),
        shaped(r#"{"token":{},"result":8}"#, "12345"),
        shaped(r#"{"key": "{}"}"#, "-----short-----"),
        shaped(r#"{\"sessionKey\":\"{}\",\"a\":1}"#, r#"hun\\\"ter2"#),
        shaped(r#""{\\\"cert_key\\\":\\\"{}\\\"}""#, "hunter2"),
        shaped("{&quot;token&quot;:&quot;{}&quot;}", "hunter2"),
        shaped("<input name='pwd' value=x> pwd='{}'", "hunter2"),
        shaped("<password>{}</password> password={}", "hunter2"),
        shaped("settings={\"db\":\"{}\"}&x=1", "hunter2"),
        shaped("vars: [\"a\", \"{}\"]", "hunter2"),
        shaped("env={\"DB_PASS\":{\"x\":\"}{}\"}} rest", "hunter2"),
        shaped("manifest={}", "type:install"),
        shaped("body={}", "echo"),
        shaped(
            "x?redirect=https%3A%2F%2Fexample.com%3Fsession%3D{}%26a%3Db",
            "hunter2",
        ),
        shaped("Authorization: Basic {}", "b3duZXI6aHVudGVyMg=="),
        shaped("authorization: Custom a {} b", "hunter2"),
        shaped("Set-Cookie: sid={}; Path=/", "hunter2"),
        shaped("tried Bearer {}", "abcdefghijklmnop.qrst"),
        shaped("jwt {}", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"),
        shaped("redis://:{}@db.example.com:6379/0", "hunter2"),
        shaped(
            "cannot connect to postgres://windlass:{}@db.example.com/w",
            "hun@ter2",
        ),
        shaped(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY----- after",
            "MC4CAQ",
        ),
        shaped("-----BEGIN PRIVATE KEY-----\n{}", "MC4CAQ"),
        shaped("access_token={}", "hunter2"),
        shaped("x-api-key: {}", "hunter2"),
        shaped("apiKey={}", "hunter2"),
        shaped("userPassword=\"{}", "hunter2 and no closing quote"),
        shaped("SESSION={}", "hunter2"),
        shaped("session[]={}", "hunter2"),
    ]
}

#[test]
fn no_secret_of_the_table_survives() {
    for (text, secret) in texts_with_secrets() {
        for shown in [without_secrets(&text).into_owned(), foreign_text(&text)] {
            assert!(!shown.contains(secret), "{text:?} became {shown:?}");
            assert!(shown.contains(REDACTED), "{text:?} became {shown:?}");
        }
    }
}

#[test]
fn redaction_leaves_what_stands_around_a_secret() {
    let cases = [
        (
            "session=hunter2&envName=shop",
            "session=[redacted]&envName=shop",
        ),
        (
            r#"{"token":12345,"result":8}"#,
            r#"{"token":[redacted],"result":8}"#,
        ),
        (
            r#"{"password":"a\"b","x":"y"}"#,
            r#"{"password":"[redacted]","x":"y"}"#,
        ),
        (
            r#"{\"key\":\"a\",\"b\":1}"#,
            r#"{\"key\":\"[redacted]\",\"b\":1}"#,
        ),
        (
            "redis://:pw@example.com:1/0",
            "redis://[redacted]@example.com:1/0",
        ),
        ("env={\"a\":[1]} rest", "env=[redacted] rest"),
    ];
    for (text, expected) in cases {
        assert_eq!(without_secrets(text), expected);
        assert_eq!(
            without_secrets(expected),
            expected,
            "redacting twice changes nothing"
        );
    }
}

#[test]
fn benign_messages_survive() {
    let messages = [
        "environment is being created",
        "Environment with name shop already exists",
        "user is not authorized to use the region",
        "session expired, please sign in again",
        "the login or the password is wrong",
        "Invalid token",
        "a monkey and a donkey signed the body of evidence",
        "envName=shop&region=default&nodes=2",
        "quota environment.maxcount is exceeded: 10 of 10",
        "node 12345 (nginxphp-dockerized 1.24.0-php-8.3.6) does not answer",
        "https://app.example.com/environments/env_01jd8z6w0r7v5kq2n3m4p5s6t7",
        r#"{"result":2212,"error":"the environment is busy"}"#,
        "domain shop.example.com is bound to another environment",
        "502 Bad Gateway",
        "keyboard layout: german",
        "settings were saved",
        "2026-11-23T19:10:00.123456Z duration_ms=1234 status=200",
        "018f3c5e-7b6a-7c3d-8e9f-0a1b2c3d4e5f",
        "mount point /var/www/webroot/ROOT is read-only",
        "manifest is not valid: line 3, column 7",
    ];
    let total: usize = messages.iter().map(|message| message.chars().count()).sum();
    let kept: usize = messages
        .iter()
        .map(|message| foreign_text(message).replace(REDACTED, "").chars().count())
        .sum();
    println!(
        "kept {kept} of {total} characters of {} benign messages",
        messages.len()
    );
    assert!(kept * 100 >= total * 98, "kept {kept} of {total}");
}

#[test]
fn text_is_cut_to_two_hundred_characters_after_redaction() {
    let long = "ü".repeat(500);
    let shown = foreign_text(&long);
    assert_eq!(shown.chars().count(), FOREIGN_TEXT_LENGTH_MAX);
    assert!(shown.ends_with('…'));
    assert_eq!(foreign_text(&"z".repeat(200)), "z".repeat(200));

    // The token straddles the cut: cut first, and its shape would no longer be seen.
    let straddling = format!("{} {TOKEN_40}", "-".repeat(180));
    assert!(!foreign_text(&straddling).contains("0123"));
}

#[test]
fn control_characters_cannot_forge_a_line() {
    let shown = foreign_text("one\r\ntwo\u{1b}[31m\u{2028}three\u{202e}\0");
    assert_eq!(shown, "one  two [31m three  ");
}

#[test]
fn hostile_text_takes_linear_time() {
    // Anything quadratic would take hours here, and run into the runner's time limit.
    for unit in [
        "key=",
        "password ",
        "\"session\":\"",
        "://a@",
        "{\"env\":[",
        "eyJ",
        "\\\"key\\\":\\",
    ] {
        let text = unit.repeat(500_000 / unit.len());
        assert!(foreign_text(&text).chars().count() <= FOREIGN_TEXT_LENGTH_MAX);
    }
}

#[test]
fn urls_lose_every_secret_parameter() {
    let cases = [
        (
            "https://app.example.com/1.0/env?session=abc&envName=shop",
            "https://app.example.com/1.0/env?session=[redacted]&envName=shop",
        ),
        ("/x?a=1&SESSION=abc", "/x?a=1&SESSION=[redacted]"),
        ("/x?s%65ssion=abc&b=2", "/x?s%65ssion=[redacted]&b=2"),
        ("/x?s%2565ssion=abc", "/x?s%2565ssion=[redacted]"),
        ("/x?session[]=abc;b=2", "/x?session[]=[redacted];b=2"),
        ("/x?session=abc=def&b=2", "/x?session=[redacted]&b=2"),
        (
            "/x?session=a?session=b",
            "/x?session=[redacted]?session=[redacted]",
        ),
        (
            "/x?login=me&password=p#token=t",
            "/x?login=[redacted]&password=[redacted]#token=[redacted]",
        ),
        (
            "https://u:p@example.com/x",
            "https://[redacted]@example.com/x",
        ),
        (
            "/x?next=%2Fy%3Fsession%3Dabc",
            "/x?next=%2Fy%3Fsession%3D[redacted]",
        ),
        ("/x?session=", "/x?session=[redacted]"),
        ("/x?session", "/x?session"),
        (
            "https://example.com/a?envName=shop",
            "https://example.com/a?envName=shop",
        ),
        ("", ""),
    ];
    for (url, expected) in cases {
        assert_eq!(redact_query(url), expected, "{url}");
    }
    assert!(!redact_query(&format!("/x/{SESSION}?y={TOKEN_40}")).contains("0123"));
}

#[test]
fn secret_fields_are_known_by_name() {
    for name in [
        "session",
        "sessionKey",
        "session_key",
        "cert_key",
        "X-Api-Key",
        "apiKey",
        "Cookie",
    ] {
        assert!(is_secret_field(name), "{name}");
    }
    for name in [
        "envName",
        "keyboard",
        "nobody",
        "environment",
        "message",
        "request_id",
        "monkey",
    ] {
        assert!(!is_secret_field(name), "{name}");
    }
}
