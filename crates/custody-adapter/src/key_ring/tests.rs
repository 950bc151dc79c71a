use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn written(folder: &TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("keys.json");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn problem_of(text: &str) -> String {
    let folder = folder();
    let path = written(&folder, text);
    match KeyRing::load(&path) {
        Err(KeyRingError::Malformed { problem, .. }) => problem,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{text} was read as a key ring"),
    }
}

#[test]
fn a_new_ring_is_private_and_reads_back_the_same() {
    let folder = folder();
    let path = folder.path().join("keys.json");
    let made = KeyRing::load_or_create(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
    let read = KeyRing::load(&path).unwrap();
    assert_eq!(made.cursor_key.expose(), read.cursor_key.expose());
    assert_eq!(made.active_master_key().0, read.active_master_key().0);
    assert_eq!(
        made.active_master_key().1.expose(),
        read.active_master_key().1.expose()
    );
    let again = KeyRing::load_or_create(&path).unwrap();
    assert_eq!(
        made.active_pepper().1.expose(),
        again.active_pepper().1.expose()
    );
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no draft stays behind: {left:?}");
}

#[test]
fn a_ring_that_others_can_read_or_change_is_refused() {
    let folder = folder();
    let path = folder.path().join("keys.json");
    KeyRing::load_or_create(&path).unwrap();
    for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyRing::load_or_create(&path).err().unwrap();
        assert!(matches!(error, KeyRingError::OpenToOthers { mode: found, .. } if found == mode));
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    for mode in [0o600, 0o400] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(KeyRing::load(&path).is_ok());
    }
}

#[test]
fn concurrent_starts_agree_on_one_ring() {
    for _ in 0..20 {
        let folder = folder();
        let path = folder.path().join("keys.json");
        let start = std::sync::Barrier::new(8);
        let rings: Vec<KeyRing> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        KeyRing::load_or_create(&path).unwrap()
                    })
                })
                .collect();
            starts
                .into_iter()
                .map(|start| start.join().unwrap())
                .collect()
        });
        let first = rings[0].active_master_key().1.expose();
        for ring in &rings {
            assert!(ring.active_master_key().1.expose() == first);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_missing_ring_and_a_missing_folder_are_told_apart() {
    let folder = folder();
    let missing = folder.path().join("keys.json");
    assert!(matches!(
        KeyRing::load(&missing),
        Err(KeyRingError::Missing { .. })
    ));
    let nowhere = folder.path().join("no/keys.json");
    assert!(matches!(
        KeyRing::load_or_create(&nowhere),
        Err(KeyRingError::NotCreated { .. })
    ));
    assert!(matches!(
        KeyRing::load(folder.path()),
        Err(KeyRingError::NotAKeyFile { .. })
    ));
}

#[test]
fn damaged_rings_are_refused_without_repeating_them() {
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let ring = |master_keys: &str| {
        format!(
            r#"{{"format":1,"master_keys":[{master_keys}],"peppers":[{{"id":"p","key":"{key}","state":"active"}}],"fingerprint_key":"{key}","cursor_key":"{key}"}}"#
        )
    };
    let master = |id: &str, key: &str, state: &str| {
        format!(r#"{{"id":"{id}","key":"{key}","state":"{state}"}}"#)
    };
    let good = ring(&master("a", key, "active"));
    assert!(
        format::parse(good.as_bytes()).is_ok(),
        "the table below changes a valid ring"
    );

    let active = master("a", key, "active");
    let cases = [
        (String::new(), "line 1"),
        (good.replace("\"format\":1", "\"format\":2"), "format 2"),
        (
            good.replace("\"format\":1", "\"format\":1,\"secretextra\":1"),
            "line 1",
        ),
        (ring(""), "0 active"),
        (ring(&master("a", key, "decrypt_only")), "0 active"),
        (
            ring(&format!("{active},{}", master("b", key, "active"))),
            "2 active",
        ),
        (
            ring(&format!("{active},{}", master("a", key, "decrypt_only"))),
            "alike",
        ),
        (ring(&master("A b", key, "active")), "an id"),
        (ring(&master("", key, "active")), "an id"),
        (ring(&master("a", "c2VjcmV0", "active")), "line 1"),
        (ring(&master("a", "secret!", "active")), "line 1"),
        (ring(&master("a", key, "secretstate")), "line 1"),
        (ring(&format!("{active},\"secrettext\"")), "line 1"),
    ];
    for (text, expected) in cases {
        let problem = problem_of(&text);
        assert!(problem.contains(expected), "{problem} for {text}");
        assert!(!problem.contains("secret"), "{problem}");
        assert!(!problem.contains("MDEy"), "{problem}");
    }
}

#[test]
fn the_active_key_comes_first_wherever_it_is_written() {
    let folder = folder();
    let mut ring = KeyRing::generate().unwrap();
    ring.master_keys.push(NamedKey::generate("mk").unwrap());
    let text = String::from_utf8(format::render(&ring).to_vec()).unwrap();
    // Exchange the states, so that the second key of the file is the active one.
    let swapped = text
        .replacen("\"active\"", "\"?\"", 1)
        .replacen("\"decrypt_only\"", "\"active\"", 1)
        .replacen("\"?\"", "\"decrypt_only\"", 1);
    let read = KeyRing::load(&written(&folder, &swapped)).unwrap();
    let ids: Vec<&str> = ring.master_key_ids().collect();
    let read_ids: Vec<&str> = read.master_key_ids().collect();
    assert_eq!(read_ids, [ids[1], ids[0]]);
}
