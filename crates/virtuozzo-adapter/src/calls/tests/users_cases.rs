use super::*;
use domain::names::PlatformLogin;

pub(super) fn cases() -> Vec<Case> {
    let login = PlatformLogin::parse("owner+a@example.com").unwrap();
    let password = SecretText::new(HOSTILE.into());
    vec![
        case(
            sign_in::sign_in(&login, &password),
            &[("login", "owner+a@example.com"), ("password", HOSTILE)],
        ),
        case(account::user_info(), &[]),
        case(
            quotas::quotas(&["environment.maxcount", "disk.iopslimit"]),
            &[("quotasnames", "environment.maxcount;disk.iopslimit")],
        ),
    ]
}
