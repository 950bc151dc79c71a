//! A setting that is wrong or unknown stops the start with one line that names it.

use std::process::{Command, Output};

/// A file, the environment, and what the refusal must say.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

fn run(file: &str, variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = folder.path().join("windlass.toml");
    std::fs::write(&path, file).expect("a writable folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_windlass"));
    command
        .args(["serve", "--config"])
        .arg(&path)
        .current_dir(folder.path());
    // Nothing of the test run's own environment may be taken for a setting.
    command.env_clear();
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().expect("the program runs");
    assert!(
        !folder.path().join("windlass-data").exists(),
        "nothing may be written"
    );
    output
}

#[test]
fn wrong_settings_are_named_in_one_line() {
    let cases: [Case; 8] = [
        (
            "[http]\nlisten = \"nowhere\"\n",
            &[],
            &["http.listen", "127.0.0.1:7780"],
        ),
        (
            "[http]\nlisen = \"127.0.0.1:1\"\n",
            &[],
            &["http.lisen", "did you mean `http.listen`"],
        ),
        (
            "",
            &[("WINDLASS_HTP_LISTEN", "x")],
            &["WINDLASS_HTP_LISTEN", "`WINDLASS_HTTP_LISTEN`"],
        ),
        (
            "[http]\nlisten = \"0.0.0.0:80\"\n",
            &[],
            &["http.listen", "http.behind_proxy"],
        ),
        (
            "[jobs]\npatience = \"long\"\n",
            &[],
            &["jobs.patience", "a duration"],
        ),
        (
            "[retention]\njobs = \"1h\"\n",
            &[],
            &["retention.jobs", "at least 24h"],
        ),
        (
            "",
            &[("WINDLASS_DATABASE_URL", "mysql://secret@h")],
            &["database.url", "postgres://"],
        ),
        (
            "[[platforms]]\nname = \"p\"\nbase_url = \"nowhere\"\n",
            &[],
            &["platforms.p.base_url"],
        ),
    ];
    for (file, variables, expected) in cases {
        let output = run(file, variables);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        for part in expected {
            assert!(said.contains(part), "{part:?} is not in {said:?}");
        }
        assert!(!said.contains("secret"), "{said}");
    }
}
