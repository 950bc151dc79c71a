use serde_json::json;

use super::Parameters;

#[test]
fn the_form_wins_and_names_have_no_case() {
    let parameters = Parameters::merge("envName=from-query&lazy=True", b"ENVNAME=from-form");
    assert_eq!(parameters.text("envname"), Some("from-form"));
    assert!(parameters.flag("lazy"));
}

#[test]
fn empty_means_absent_and_does_not_hide_the_query() {
    let parameters = Parameters::merge("envName=shop&nodeId=", b"envName=");
    assert_eq!(parameters.text("envName"), Some("shop"));
    assert_eq!(parameters.text("nodeId"), None);
    assert!(parameters.required("nodeId").is_err());
}

#[test]
fn single_quoted_json_is_read() {
    let parameters = Parameters::merge("", b"nodes=[{'nodeType':'it\\'s \"so\"','count':2}]");
    let expected = json!([{"nodeType": "it's \"so\"", "count": 2}]);
    assert_eq!(parameters.json("nodes").unwrap_or_default(), Some(expected));
}

#[test]
fn an_apostrophe_inside_strict_json_survives() {
    let parameters = Parameters::merge("", b"env={\"displayName\":\"L'atelier\"}");
    assert_eq!(
        parameters.json("env").unwrap_or_default(),
        Some(json!({"displayName": "L'atelier"}))
    );
}

#[test]
fn python_constants_are_not_json() {
    assert!(
        Parameters::merge("", b"env={'a': True}")
            .json("env")
            .is_err()
    );
}
