use super::{RefusalClass, UnclearAnswer};

#[test]
fn only_a_refusal_of_the_request_itself_is_final() {
    let is_final = |result, class| UnclearAnswer { result, class }.is_final();
    assert!(is_final(2314, RefusalClass::Other));
    assert!(is_final(2338, RefusalClass::Quota));
    assert!(
        !is_final(0, RefusalClass::Other),
        "a success that cannot be read"
    );
    assert!(
        !is_final(702, RefusalClass::Session),
        "a session that ended in the middle"
    );
    assert!(
        !is_final(2212, RefusalClass::Busy),
        "an environment that is busy just now"
    );
}
