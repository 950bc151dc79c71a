use super::{EntityId, EnvironmentId, IdParseError, JobId};
use uuid::Uuid;

fn environment(value: u128) -> EnvironmentId {
    EnvironmentId::from_uuid(Uuid::from_u128(value))
}

#[test]
fn the_text_form_round_trips_at_both_ends_of_the_range() {
    for value in [
        0,
        1,
        31,
        32,
        u128::MAX,
        0x0193_5f2a_7c3e_7abc_9def_0123_4567_89ab,
    ] {
        let id = environment(value);
        assert_eq!(id.to_string().parse::<EnvironmentId>(), Ok(id));
    }
    assert_eq!(
        environment(33).to_string(),
        "env_00000000000000000000000011"
    );
}

#[test]
fn text_order_is_creation_order() {
    assert!(environment(1 << 100).to_string() > environment(1 << 99).to_string());
}

#[test]
fn an_id_of_another_kind_is_refused_with_the_wanted_prefix() {
    let job = JobId::from_uuid(Uuid::from_u128(7)).to_string();
    assert_eq!(
        job.parse::<EnvironmentId>(),
        Err(IdParseError::WrongPrefix { expected: "env" })
    );
}

#[test]
fn bodies_that_are_not_26_lower_case_digits_are_refused() {
    for body in [
        "",
        "0000000000000000000000001",
        "000000000000000000000000001",
        "0000000000000000000000000U",
        "0000000000000000000000000l",
        "80000000000000000000000000",
    ] {
        assert_eq!(
            format!("env_{body}").parse::<EnvironmentId>(),
            Err(IdParseError::WrongBody { expected: "env" }),
            "{body}"
        );
    }
}

#[test]
fn the_random_suffix_is_the_tail_of_the_text_form() {
    let id = environment(0x0193_5f2a_7c3e_7abc_9def_0123_4567_89ab);
    assert!(id.to_string().ends_with(&id.random_suffix(6)));
    assert_eq!(id.random_suffix(6).len(), 6);
}
