use super::{Remedy, remedy};

#[test]
fn packages_are_installed_by_root_on_debian_only() {
    assert_eq!(remedy(vec![], false, false), Remedy::Nothing);
    assert_eq!(
        remedy(vec!["redis-server"], true, true),
        Remedy::Install(vec!["redis-server"])
    );
    assert!(matches!(
        remedy(vec!["redis-server"], false, true),
        Remedy::Ask(_)
    ));
    assert!(matches!(
        remedy(vec!["redis-server"], true, false),
        Remedy::Ask(_)
    ));
}

#[test]
fn others_are_told_exactly_what_to_install() {
    let Remedy::Ask(request) = remedy(vec!["postgresql", "redis-server"], false, true) else {
        panic!("nothing may be installed without root");
    };
    assert!(
        request.contains("sudo apt-get install postgresql redis-server"),
        "{request}"
    );
}
