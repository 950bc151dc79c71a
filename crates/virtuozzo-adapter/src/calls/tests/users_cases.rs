use super::*;
use domain::names::PlatformLogin;
use domain::ports::AccessTokenSpec;
use std::time::Duration;

pub(super) fn cases() -> Vec<Case> {
    let login = PlatformLogin::parse("owner+a@example.com").unwrap();
    let password = SecretText::new(HOSTILE.into());
    let mut cases = vec![
        case(
            sign_in::sign_in(&login, &password),
            &[("login", "owner+a@example.com"), ("password", HOSTILE)],
        ),
        case(sign_in::sign_out(), &[]),
        case(accounts::user_info(), &[]),
        case(accounts::standing(), &[]),
        case(
            accounts::quotas(&["environment.maxcount", "disk.iopslimit"]),
            &[("quotasnames", "environment.maxcount;disk.iopslimit")],
        ),
        case(accounts::quotas(&[]), &[]),
        case(
            accounts::usage(&shop(), Duration::from_millis(3_600_999)),
            &[("envName", "shop-abc123"), ("duration", "3600")],
        ),
        case(accounts::regions(), &[]),
        case(accounts::stacks(), &[("type", "ALL")]),
    ];
    cases.extend(tokens());
    cases
}

fn tokens() -> [Case; 2] {
    let wanted = |expires_at: Option<&str>| AccessTokenSpec {
        description: HOSTILE.into(),
        methods: vec![
            "environment.control.GetEnvs".into(),
            "billing.account.GetQuotas".into(),
        ],
        expires_at: expires_at.map(|end| end.parse().unwrap()),
    };
    let fields = [
        ("description", HOSTILE),
        (
            "apiList",
            "environment.control.GetEnvs,billing.account.GetQuotas",
        ),
        ("expiresAt", "02-03-2026"),
    ];
    [
        case(sign_in::create_token(&wanted(None)), &fields[..2]),
        case(
            sign_in::create_token(&wanted(Some("2026-03-02T23:59:59Z"))),
            &fields,
        ),
    ]
}
