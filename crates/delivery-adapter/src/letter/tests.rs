use super::*;
use domain::names::{EmailAddress, PersonName, RoleName, TeamName};
use domain::ports::MailMessage;

fn from() -> MailFrom {
    MailFrom::parse("Windlass <windlass@example.com>").unwrap()
}

fn token() -> SecretText {
    SecretText::new("wdl_kind_token".to_owned())
}

fn person(name: &str) -> PersonName {
    PersonName::parse(name).unwrap()
}

fn team(name: &str) -> TeamName {
    TeamName::parse(name).unwrap()
}

/// Every mail there is, about a team and a person of these names.
fn messages(name: &str) -> Vec<MailMessage> {
    vec![
        MailMessage::VerifyAddress {
            name: person(name),
            token: token(),
        },
        MailMessage::AlreadyRegistered,
        MailMessage::ResetPassword { token: token() },
        MailMessage::PasswordChanged,
        MailMessage::SecondFactorChanged { is_on: true },
        MailMessage::SecondFactorChanged { is_on: false },
        MailMessage::RecoveryCodeUsed,
        MailMessage::Invitation {
            team: team(name),
            invited_by: person(name),
            role: RoleName::parse(name).unwrap(),
            token: token(),
        },
        MailMessage::OwnershipOffered {
            team: team(name),
            from: person(name),
        },
        MailMessage::OwnershipTransferred {
            team: team(name),
            to: person(name),
        },
    ]
}

fn written(message: MailMessage, to: &str, writing: Writing) -> String {
    let mail = Mail {
        to: EmailAddress::parse(to).unwrap(),
        message,
    };
    let links = Links::below("https://windlass.example.com/panel").unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let letter = Letter::write(&mail, &from(), &links, writing, Uuid::from_u128(1), now);
    let bytes = letter.unwrap().as_bytes().to_vec();
    String::from_utf8(bytes).unwrap()
}

/// The names of the headers, folded lines joined.
fn header_names(mail: &str) -> Vec<String> {
    let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
    let first_lines = headers
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']));
    first_lines
        .map(|line| {
            line.split_once(':')
                .map_or(line, |(name, _)| name)
                .to_owned()
        })
        .collect()
}

const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
];

fn sorted(names: &[impl ToString]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().map(ToString::to_string).collect();
    names.sort();
    names
}

#[test]
fn no_name_makes_a_header_of_its_own_or_ends_one() {
    // What the types let through: no control characters, but everything that looks like an end of line,
    // and everything that means something in a header.
    let names = [
        "Bcc: eve@example.com",
        "x\u{2028}Bcc: eve@example.com",
        "x\u{2029}\u{2028}Bcc: eve@example.com",
        "=?utf-8?Q?x=0D=0ABcc:_eve@example.com?=",
        "\"><eve@example.com>, \\",
        "x%0d%0aBcc: eve@example.com",
        "Ünder\u{200B}scöre 📬 \u{202E}",
        &"ä".repeat(80),
        &"a b".repeat(26),
    ];
    let mut checked = 0;
    for name in names {
        for message in messages(name) {
            for writing in [Writing::Plain, Writing::Safe] {
                let mail = written(message.clone(), "anna@example.com", writing);
                assert_eq!(sorted(&header_names(&mail)), sorted(&HEADERS), "{mail}");
                let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
                assert!(headers.is_ascii(), "{headers}");
                assert!(
                    headers.contains("\r\nTo: anna@example.com\r\n"),
                    "{headers}"
                );
                assert!(!headers.replace("\r\n", "").contains(['\r', '\n']));
                checked += 1;
            }
        }
    }
    println!("mails without a foreign header: {checked}");
    assert_eq!(checked, 9 * 10 * 2);
}

#[test]
fn control_characters_never_come_as_far_as_a_mail() {
    for end in ["\r\n", "\n", "\r", "\0", "\u{85}", "\u{B}"] {
        let name = format!("x{end}Bcc: eve@example.com");
        assert!(PersonName::parse(&name).is_err());
        assert!(TeamName::parse(&name).is_err());
        assert!(RoleName::parse(&name).is_err());
        assert!(EmailAddress::parse(&format!("a{end}b@example.com")).is_err());
        assert!(MailFrom::parse(&format!("x{end}Bcc: y <a@example.com>")).is_err());
        assert!(MailFrom::parse(&format!("a@example.com{end}Bcc: b@example.com")).is_err());
    }
}

#[test]
fn tokens_are_in_a_link_that_no_server_logs_and_alone_for_programs() {
    for (message, page) in messages("Anna").into_iter().zip([
        Some("verify-email"),
        None,
        Some("reset-password"),
        None,
        None,
        None,
        None,
        Some("accept-invitation"),
        None,
        None,
    ]) {
        let mail = written(message, "anna@example.com", Writing::Plain);
        match page {
            Some(page) => {
                let link = format!(
                    "\r\nhttps://windlass.example.com/panel/{page}#token=wdl_kind_token\r\n"
                );
                assert!(mail.contains(&link), "{mail}");
                assert!(mail.contains("\r\nwdl_kind_token\r\n"), "{mail}");
                assert_eq!(mail.matches("wdl_kind_token").count(), 2);
            }
            None => assert!(!mail.contains("token="), "{mail}"),
        }
        let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(!headers.contains("wdl_"), "{headers}");
    }
}

#[test]
fn every_mail_says_something_else_in_lines_that_servers_carry() {
    let mut bodies = std::collections::BTreeSet::new();
    for message in messages(&"é".repeat(80)) {
        let name = texts::name_of(&message);
        let mail = written(message, "anna@example.com", Writing::Plain);
        assert!(mail.lines().all(|line| line.len() < 998), "{mail}");
        let (_, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(bodies.insert(body.to_owned()), "{name}");
    }
    assert_eq!(bodies.len(), 10);
}

#[test]
fn links_go_below_the_public_address_and_nowhere_else() {
    let cases = [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/panel/", "https://example.com/panel/"),
        ("http://127.0.0.1:7780", "http://127.0.0.1:7780/"),
    ];
    for (given, root) in cases {
        assert_eq!(Links::below(given).unwrap().root(), root);
    }
    for (url, is_safe) in [
        ("https://example.com", true),
        ("http://127.0.0.1:7780", true),
        ("http://[::1]:7780", true),
        ("http://localhost", true),
        ("http://192.0.2.1", false),
        ("http://localhost.example.com", false),
    ] {
        assert_eq!(Links::below(url).unwrap().is_safe(), is_safe, "{url}");
    }
    for wrong in [
        "",
        "example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://example.com/?next=",
        "https://example.com/#",
        "https://user:pw@example.com/",
    ] {
        assert!(Links::below(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_sender_has_an_address() {
    for right in ["windlass@example.com", "Windlass <windlass@localhost>"] {
        assert!(MailFrom::parse(right).is_ok(), "{right}");
    }
    for wrong in [
        "",
        "Windlass",
        "Windlass <>",
        "a@b@example.com",
        "a@example.com, b@example.com",
    ] {
        assert!(MailFrom::parse(wrong).is_err(), "{wrong}");
    }
}
