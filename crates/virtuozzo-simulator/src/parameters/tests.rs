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

#[test]
fn a_python_list_is_read() {
    let parameters = Parameters::merge("vars=['A', 'B']&c=[{'command': 'id', 'params': ''}]", b"");
    assert_eq!(
        parameters.json("vars").unwrap_or_default(),
        Some(json!(["A", "B"]))
    );
    assert_eq!(
        parameters.json("c").unwrap_or_default(),
        Some(json!([{"command": "id", "params": ""}]))
    );
}

#[test]
fn of_a_repeated_parameter_the_first_counts_and_json_has_all() {
    let parameters = Parameters::merge("envGroups=query", b"envGroups=a&ENVGROUPS=b&x=1&x=&x=2");
    assert_eq!(parameters.text("envGroups"), Some("a"));
    assert_eq!(
        parameters.json("envGroups").unwrap_or_default(),
        Some(json!(["a", "b"]))
    );
    assert_eq!(
        parameters.json("x").unwrap_or_default(),
        Some(json!([1, 2]))
    );
}

#[test]
fn names_are_one_name_or_an_array() {
    let names = |form: &str| Parameters::merge("", form.as_bytes()).names("g");
    assert_eq!(names("g=clients/acme"), ["clients/acme"]);
    assert_eq!(names("g=%22a%22"), ["a"]);
    assert_eq!(names("g=['a', 'b']"), ["a", "b"]);
    assert_eq!(names("g=a&g=b"), ["a", "b"]);
    assert_eq!(names("g=7"), ["7"]);
    assert!(names("g=").is_empty());
}
