use super::permits;

#[test]
fn token_permissions_ignore_case_and_know_prefixes() {
    let method = "environment.control.CreateEnvironment";
    assert!(permits("*", method));
    assert!(permits("environment.control.*", method));
    assert!(permits("Environment.Control.createenvironment", method));
    assert!(!permits("environment.control.DeleteEnv", method));
    assert!(!permits("environment.control.Create", method));
}
