use super::guide::Guide;
use super::report::{Report, Share};
use super::{PATH, inspect, workspace};
use tempfile::TempDir;

const INVENTORY: &str = r#"# Two calls.

[[call]]
endpoint = "shelf/books/rest/getbook"
methods = ["POST"]
anchor = "https://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBook"
certainty = "invented"
legacy_sources = ["Library::find"]
purpose = "Find"
client_method = "calls::books::book"
use_cases = ["shelf::look"]
state = "built"
mutates = false
idempotent = "documented"
proof_class = "read"
answer_by = "instant"
tests = ["a_book_is_found"]

[[call]]
endpoint = "shelf/books/rest/addbook"
methods = ["POST"]
anchor = "https://docs.jelastic.com/api/#!/api/shelf.Books-method-AddBook"
certainty = "invented"
legacy_sources = []
purpose = "Add a book."
client_method = "calls::books::add"
use_cases = ["shelf::fill"]
state = "planned"
mutates = true
idempotent = "no"
proof_class = "named"
answer_by = "long"
note = "Slow."
tests = ["a_book_is_added"]
"#;

const TABLE: &str = r#"//! Endpoints.

endpoints! {
    /// One book.
    GetBook = "getbook", "shelf/books/rest/getbook", Shelf, Instant, "shelf.Books-method-GetBook";
    /// A new book.
    AddBook = "addbook", "shelf/books/rest/addbook", Shelf, Long, "shelf.Books-method-AddBook";
}
"#;

const CALLS: &str = "//! Books.

/// Reads: <https://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBook>.
pub(crate) fn book() -> Call {
    Call::new(Endpoint::GetBook)
}

/// Adds: <https://docs.jelastic.com/api/#!/api/shelf.Books-method-AddBook>.
pub(crate) fn add() -> Call {
    to_shelf(1)
}

fn to_shelf(count: u32) -> Call {
    Call::new(Endpoint::AddBook, count)
}

#[test]
fn a_private_thing() {}
";

const TESTS: &str = "#[tokio::test]
async fn a_book_is_found() {}

mod inner {
    #[test]
    fn a_book_is_added() {}
}

#[inline]
fn not_a_test() {}
";

const GUIDE: &str = r#"[[row]]
sources = ["Library::find"]
endpoint = "find"
documented_as = "shelf/books/rest/getbook"
purpose = "Find"
"#;

const TABLE_PATH: &str = "crates/virtuozzo-adapter/src/endpoint.rs";
const CALLS_PATH: &str = "crates/virtuozzo-adapter/src/calls/books.rs";
const TESTS_PATH: &str = "crates/virtuozzo-adapter/tests/it/books.rs";

/// A small repository in which everything is right.
struct Tree {
    folder: TempDir,
    guide: String,
}

impl Tree {
    fn new() -> Self {
        let tree = Self {
            folder: tempfile::tempdir().expect("a folder for temporary files"),
            guide: GUIDE.to_owned(),
        };
        tree.write(PATH, INVENTORY);
        tree.write(TABLE_PATH, TABLE);
        tree.write(CALLS_PATH, CALLS);
        tree.write(TESTS_PATH, TESTS);
        tree.write("crates/application/src/shelf/look.rs", "//! Looks.\n");
        tree
    }

    fn write(&self, path: &str, text: &str) {
        workspace::write(&self.folder.path().join(path), text).expect("a writable folder");
    }

    /// Puts a fault into a file.
    fn replace(&self, path: &str, old: &str, new: &str) {
        let text = workspace::read(&self.folder.path().join(path)).expect("the file is there");
        assert!(text.contains(old), "{path} holds {old:?}");
        self.write(path, &text.replacen(old, new, 1));
    }

    fn inspect(&self) -> Report {
        let guide = Guide::parse(&self.guide).expect("a readable guide");
        inspect(self.folder.path(), &guide).expect("readable files")
    }

    fn findings(&self) -> Vec<String> {
        let report = self.inspect();
        report.findings.iter().map(ToString::to_string).collect()
    }
}

/// The findings after one replacement.
fn after(path: &str, old: &str, new: &str) -> Vec<String> {
    let tree = Tree::new();
    tree.replace(path, old, new);
    tree.findings()
}

#[track_caller]
fn assert_only(findings: &[String], expected: &str) {
    assert_eq!(findings, [expected.to_owned()]);
}

#[test]
fn a_whole_inventory_has_no_findings_and_is_counted() {
    let report = Tree::new().inspect();
    assert_eq!(report.findings, []);
    let whole = Share { present: 1, of: 1 };
    assert_eq!((report.guide_rows, report.legacy_names), (whole, whole));
    assert_eq!(
        report.to_string(),
        "inventory: 2 rows = 2 calls = 2 tested, 0 missing, 1 planned; guide rows 1/1, legacy names 1/1"
    );
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["rows"], 2);
    assert_eq!(json["legacy_names"]["present"], 1);
    assert!(report.into_result().is_ok());
}

#[test]
fn a_finding_is_a_failure_with_file_and_line() {
    let tree = Tree::new();
    tree.replace(PATH, "\"invented\"", "7");
    let report = tree.inspect();
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["findings"][0]["path"], PATH);
    assert_eq!(json["findings"][0]["line"], 7);
    assert_eq!(json["findings"][0]["rule"], "field");
    let error = report.into_result().expect_err("a finding");
    assert!(
        error.to_string().contains(&format!("{PATH}:7: ")),
        "{error}"
    );
}

#[test]
fn a_call_without_a_row_is_named_where_it_stands() {
    let extra = "
/// <https://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBook>
pub(crate) fn again() -> Result<Call, Error> {
    Ok(Call::new(Endpoint::GetBook))
}
";
    let tree = Tree::new();
    tree.write(CALLS_PATH, &format!("{CALLS}{extra}"));
    assert_only(
        &tree.findings(),
        "crates/virtuozzo-adapter/src/calls/books.rs:21: the call `calls::books::again` to \
         `Endpoint::GetBook` has no row in docs/virtuozzo-inventory.toml [missing-row]",
    );
    assert!(tree.inspect().to_string().contains("2 rows ≠ 3 calls"));
}

#[test]
fn an_endpoint_needs_a_row_and_a_call() {
    let tree = Tree::new();
    let line =
        r#"    Burn = "burn", "shelf/books/rest/burn", Shelf, Long, "shelf.Books-method-Burn";"#;
    tree.replace(TABLE_PATH, "}\n", &format!("{line}\n}}\n"));
    let findings = tree.findings();
    assert_eq!(findings.len(), 2, "{findings:?}");
    let is_there = |part: &str| {
        let expected = format!("{TABLE_PATH}:8: {part}");
        findings
            .iter()
            .any(|finding| finding.starts_with(&expected))
    };
    assert!(
        is_there("`shelf/books/rest/burn` (Burn) has no row"),
        "{findings:?}"
    );
    assert!(is_there("no call names `Endpoint::Burn`"), "{findings:?}");
}

#[test]
fn an_endpoint_stands_in_the_table_once() {
    let line = r#"    Again = "again", "shelf/books/rest/addbook", Shelf, Long, "shelf.Books-method-AddBook";"#;
    let findings = after(TABLE_PATH, "}\n", &format!("{line}\n}}\n"));
    let expected = "`shelf/books/rest/addbook` is at line 7 already [doubled]";
    assert!(
        findings.contains(&format!("{TABLE_PATH}:8: {expected}")),
        "{findings:?}"
    );
}

#[test]
fn a_call_that_names_no_endpoint_is_refused() {
    let findings = after(
        CALLS_PATH,
        "Call::new(Endpoint::AddBook, count)",
        "somewhere(count)",
    );
    let expected =
        format!("{CALLS_PATH}:9: `calls::books::add` gives a call and names no endpoint");
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with(&expected)),
        "{findings:?}"
    );
}

#[test]
fn a_row_without_a_call_is_refused() {
    let findings = after(CALLS_PATH, "pub(crate) fn add", "pub(crate) fn put");
    assert!(
        findings.contains(
            &"docs/virtuozzo-inventory.toml:26: no function `calls::books::add` calls \
              `Endpoint::AddBook` [missing-call]"
                .to_owned()
        ),
        "{findings:?}"
    );
    let findings = after(
        TABLE_PATH,
        "shelf/books/rest/addbook",
        "shelf/books/rest/addbooks",
    );
    let expected = format!("{PATH}:20: `shelf/books/rest/addbook` is not in {TABLE_PATH}");
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with(&expected)),
        "{findings:?}"
    );
}

#[test]
fn one_endpoint_may_have_rows_of_two_methods_but_not_two_of_one() {
    let second = INVENTORY
        .replacen("calls::books::add", "calls::books::add_many", 1)
        .split_once("[[call]]\nendpoint = \"shelf/books/rest/addbook\"")
        .map(|(_, rest)| format!("\n[[call]]\nendpoint = \"shelf/books/rest/addbook\"{rest}"))
        .expect("the second row");
    let many = CALLS.replace("fn to_shelf", "/// Adds: <https://docs.jelastic.com/api/#!/api/shelf.Books-method-AddBook>.\npub(crate) fn add_many() -> Call {\n    to_shelf(2)\n}\n\nfn to_shelf");
    let tree = Tree::new();
    tree.write(PATH, &format!("{INVENTORY}{second}"));
    tree.write(CALLS_PATH, &many);
    assert_eq!(tree.findings(), [""; 0]);

    let doubled = second.replacen("calls::books::add_many", "calls::books::add", 1);
    tree.write(PATH, &format!("{INVENTORY}{doubled}"));
    tree.write(CALLS_PATH, CALLS);
    assert_only(
        &tree.findings(),
        "docs/virtuozzo-inventory.toml:36: `calls::books::add` has a row for \
         `shelf/books/rest/addbook` already [doubled]",
    );
}

#[test]
fn tests_must_be_named_be_test_functions_and_be_the_adapters_own() {
    let named = "tests = [\"a_book_is_found\"]";
    assert_only(
        &after(PATH, named, "tests = []"),
        "docs/virtuozzo-inventory.toml:17: `calls::books::book` names no test [missing-test]",
    );
    assert_only(
        &after(PATH, named, "tests = [\"a_book_is_found\", \"not_a_test\"]"),
        "docs/virtuozzo-inventory.toml:17: there is no test function `not_a_test` [missing-test]",
    );
    assert_only(
        &after(TESTS_PATH, "#[tokio::test]\n", ""),
        "docs/virtuozzo-inventory.toml:17: there is no test function `a_book_is_found` [missing-test]",
    );
    let tree = Tree::new();
    tree.replace(TESTS_PATH, "a_book_is_found", "another");
    tree.write("crates/other/tests/it/books.rs", TESTS);
    assert_only(
        &tree.findings(),
        "docs/virtuozzo-inventory.toml:17: none of the tests stands in crates/virtuozzo-adapter/ \
         [missing-test]",
    );
}

#[test]
fn an_anchor_has_its_form_and_is_that_of_the_endpoint() {
    let base = "https://docs.jelastic.com/api/#!/api/";
    for wrong in [
        "http://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBook",
        "https://docs.jelastic.com/api/#!/api/shelf.books-method-GetBook",
        "https://docs.jelastic.com/api/#!/api/shelf.Books-GetBook",
        "https://docs.jelastic.com/api/#!/api/shelf-Books-method-GetBook",
        "https://docs.jelastic.com/api/#!/api/shelf.Books-method-",
    ] {
        let findings = after(PATH, &format!("{base}shelf.Books-method-GetBook"), wrong);
        let expected = format!("{PATH}:6: `{wrong}` is not `{base}<namespace>");
        assert!(
            findings
                .iter()
                .any(|finding| finding.starts_with(&expected)),
            "{findings:?}"
        );
    }
    let findings = after(PATH, "Books-method-GetBook", "Books-method-FindBook");
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.iter().any(|it| it.contains(
        "inventory.toml:6: `https://docs.jelastic.com/api/#!/api/shelf.Books-method-FindBook` \
         documents `shelf/books/rest/findbook`, not `shelf/books/rest/getbook` [anchor]"
    )));
    let findings = after(
        TABLE_PATH,
        "shelf.Books-method-GetBook",
        "shelf.Books-method-GetBooK",
    );
    let expected = "docs/virtuozzo-inventory.toml:6: the anchor is \
                    `https://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBooK` at \
                    crates/virtuozzo-adapter/src/endpoint.rs:5 [anchor]";
    assert!(findings.contains(&expected.to_owned()), "{findings:?}");
    assert_only(
        &after(
            CALLS_PATH,
            "shelf.Books-method-GetBook",
            "shelf.Books-method-GetBooks",
        ),
        "crates/virtuozzo-adapter/src/calls/books.rs:4: `calls::books::book` does not cite \
         <https://docs.jelastic.com/api/#!/api/shelf.Books-method-GetBook> [anchor]",
    );
}

#[test]
fn every_field_is_known_there_and_of_its_kind() {
    let fields = INVENTORY.lines().skip(2).take(15);
    for (place, field) in fields.enumerate().skip(1) {
        let name = field.split(' ').next().expect("a name");
        let findings = after(PATH, &format!("{field}\n"), "");
        let expected = format!("{PATH}:3: the field `{name}` is missing [field]");
        let may_be_left_out = name == "state";
        assert_eq!(
            findings.contains(&expected),
            !may_be_left_out,
            "{name}: {findings:?}"
        );

        let findings = after(PATH, field, &format!("{name} = 7"));
        let expected = format!("{PATH}:{}: `{name}` must be ", place + 3);
        let is_there = findings
            .iter()
            .any(|finding| finding.starts_with(&expected));
        assert!(is_there, "{name}: {findings:?}");
    }
    assert_only(
        &after(PATH, "note = \"Slow.\"", "note = \" \""),
        "docs/virtuozzo-inventory.toml:33: `note` must be a text that is not empty [field]",
    );
    let findings = after(PATH, "note = ", "notes = ");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0]
            .starts_with("docs/virtuozzo-inventory.toml:33: unknown field `notes`; known are"),
        "{findings:?}"
    );
    let findings = after(PATH, "[[call]]", "[[calls]]");
    assert!(
        findings.contains(
            &"docs/virtuozzo-inventory.toml:3: `calls` is not `[[call]]` [field]".to_owned()
        ),
        "{findings:?}"
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line() {
    let findings = after(PATH, "methods = [\"POST\"]\n", "methods = [\"POST\"\n");
    let expected = format!("{PATH}:6: ");
    assert!(
        findings
            .iter()
            .any(|it| it.starts_with(&expected) && it.ends_with("[syntax]")),
        "{findings:?}"
    );
}

#[test]
fn values_come_from_closed_lists_and_agree() {
    let cases = [
        (
            "\"POST\"",
            "\"PUT\"",
            5,
            "`methods` is `PUT`; it must be one of GET, POST",
        ),
        (
            "\"built\"",
            "\"ready\"",
            12,
            "`state` is `ready`; it must be one of built, planned",
        ),
        (
            "\"documented\"",
            "\"yes\"",
            14,
            "`idempotent` is `yes`; it must be one of documented, in effect, no",
        ),
        (
            "\"named\"",
            "\"sure\"",
            31,
            "`proof_class` is `sure`; it must be one of read, named, desired-state, observable, \
             guarded, blind",
        ),
        (
            "\"named\"",
            "\"read\"",
            31,
            "a call that mutates is not settled by reading: `proof_class` is `read`",
        ),
        (
            "mutates = false",
            "mutates = true",
            15,
            "a call that mutates is not settled by reading: `proof_class` is `read`",
        ),
        (
            "mutates = true",
            "mutates = false",
            31,
            "a call that does not mutate has the `proof_class` `read`",
        ),
        (
            "\"instant\"",
            "\"medium\"",
            16,
            "`answer_by` is `instant` at crates/virtuozzo-adapter/src/endpoint.rs:5",
        ),
    ];
    for (old, new, line, detail) in cases {
        assert_only(
            &after(PATH, old, new),
            &format!("{PATH}:{line}: {detail} [value]"),
        );
    }
    let findings = after(PATH, "\"instant\"", "\"soon\"");
    let detail = "`answer_by` is `soon`; it must be one of instant, medium, long";
    assert!(
        findings.contains(&format!("{PATH}:16: {detail} [value]")),
        "{findings:?}"
    );
}

#[test]
fn use_cases_are_there_once_a_row_is_built_and_planned_only_until_then() {
    let used = "use_cases = [\"shelf::look\"]";
    assert_only(
        &after(PATH, used, "use_cases = [\"shelf::look\", \"shelf::burn\"]"),
        "docs/virtuozzo-inventory.toml:11: the use case `shelf::burn` is not there: \
         crates/application/src/shelf/burn.rs [use-case]",
    );
    assert_only(
        &after(PATH, used, "use_cases = []"),
        "docs/virtuozzo-inventory.toml:11: `use_cases` must not be empty [field]",
    );
    for wrong in ["look at a shelf", "workflows::look", "shelf::"] {
        assert_only(
            &after(PATH, used, &format!("use_cases = [\"{wrong}\"]")),
            &format!(
                "{PATH}:11: `{wrong}` is not a use case: write `<area>::<module>`, as in \
                 `environments::provision` [use-case]"
            ),
        );
    }
    assert_only(
        &after(PATH, "shelf::fill", "shelf::look"),
        "docs/virtuozzo-inventory.toml:28: every use case is there, so the row is `built` [use-case]",
    );
}

#[test]
fn what_the_guide_lists_stands_where_the_guide_has_it() {
    let tree = Tree::new();
    let sources = "legacy_sources = [\"Library::find\"]";
    tree.replace(PATH, sources, "legacy_sources = []");
    assert_only(
        &tree.findings(),
        "xtask/src/inventory/guide.toml:2: no row of the inventory names `Library::find` [guide]",
    );
    assert!(
        tree.inspect()
            .to_string()
            .ends_with("guide rows 0/1, legacy names 0/1")
    );

    assert_only(
        &after(
            PATH,
            "\"Library::find\"",
            "\"Library::find\", \"Library::burn\"",
        ),
        "docs/virtuozzo-inventory.toml:8: the guide does not name `Library::burn` [guide]",
    );
    let findings = after(PATH, "legacy_sources = []", sources);
    for expected in [
        "24: the guide has `Library::find` at `shelf/books/rest/getbook` [guide]",
        "24: `Library::find` stands in another row already [guide]",
    ] {
        assert!(
            findings.contains(&format!("{PATH}:{expected}")),
            "{findings:?}"
        );
    }
    assert_only(
        &after(PATH, "purpose = \"Find\"", "purpose = \"Look\""),
        "docs/virtuozzo-inventory.toml:9: the guide's purpose is `Find` [guide]",
    );
}

#[test]
fn names_of_two_rows_of_the_guide_do_not_share_a_row() {
    let mut tree = Tree::new();
    let other = GUIDE.replace("Library::find", "Library::search");
    tree.guide = format!("{GUIDE}\n{other}");
    tree.replace(
        PATH,
        "\"Library::find\"",
        "\"Library::find\", \"Library::search\"",
    );
    assert_only(
        &tree.findings(),
        "docs/virtuozzo-inventory.toml:8: `Library::search` is another row of the guide than the \
         names before it [guide]",
    );
}

#[test]
fn a_tampered_table_is_refused_with_file_and_line() {
    let findings = after(TABLE_PATH, "Shelf, Long,", "Shelf,");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].starts_with(&format!("{TABLE_PATH}:7: expected ")),
        "{findings:?}"
    );
    assert_only(
        &after(TABLE_PATH, "endpoints! {", "ends! {"),
        &format!("{TABLE_PATH}:1: there is no `endpoints! {{ … }}` [syntax]"),
    );
    let findings = after(
        CALLS_PATH,
        "pub(crate) fn add() -> Call {",
        "pub(crate) fn add( -> {",
    );
    assert!(
        findings[0].starts_with(&format!("{CALLS_PATH}:9: ")),
        "{findings:?}"
    );
}
