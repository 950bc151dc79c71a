use super::*;

#[test]
fn what_is_not_understood_counts_as_the_password() {
    let cases = [
        (None, Wanted::Nothing),
        (Some(""), Wanted::Nothing),
        (Some("none"), Wanted::Nothing),
        (Some(" NONE "), Wanted::Nothing),
        (Some("0"), Wanted::Nothing),
        (Some("name"), Wanted::Name),
        (Some("ENV_NAME"), Wanted::Name),
        (Some("password"), Wanted::Password),
        (Some("name_and_password"), Wanted::Password),
        (Some("1"), Wanted::Password),
        (Some("captcha"), Wanted::Password),
    ];
    for (value, wanted) in cases {
        assert_eq!(Wanted::behind(value), wanted, "{value:?}");
    }
}
