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
            r#"{{"format":1,"master_keys":[{master_keys}],"peppers":[{{"id":"p","key":"{key}","state":"active"}}],"audit_keys":[{{"id":"u","key":"{key}","state":"active"}}],"fingerprint_key":"{key}","cursor_key":"{key}"}}"#
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
        (good.replace("\"id\":\"u\"", "\"id\":\"p\""), "named alike"),
        (good.replace("\"audit_keys\"", "\"audit_key\""), "line 1"),
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
    let (ring, _) = fresh_with(KeyKind::Master);
    let text = String::from_utf8(format::render(&ring).to_vec()).unwrap();
    // Exchange the states, so that the second key of the file is the active one.
    let swapped = text
        .replacen("\"active\"", "\"?\"", 1)
        .replacen("\"decrypt_only\"", "\"active\"", 1)
        .replacen("\"?\"", "\"decrypt_only\"", 1);
    let read = KeyRing::load(&written(&folder, &swapped)).unwrap();
    let ids = ids_of(&ring, KeyKind::Master);
    assert_eq!(
        ids_of(&read, KeyKind::Master),
        [ids[1].clone(), ids[0].clone()]
    );
}

fn ids_of(ring: &KeyRing, kind: KeyKind) -> Vec<String> {
    let keys = ring.describe().into_iter();
    keys.filter(|key| key.kind == kind)
        .map(|key| key.id)
        .collect()
}

fn fresh_with(kind: KeyKind) -> (KeyRing, String) {
    KeyRing::generate().unwrap().with_new_key(kind).unwrap()
}

#[test]
fn a_key_is_added_made_active_and_retired_in_this_order_only() {
    for kind in KeyKind::ALL {
        let before = KeyRing::generate().unwrap();
        let old = ids_of(&before, kind)[0].clone();
        let is_active = |id: &str| KeyChangeError::IsActive {
            id: id.to_owned(),
            kind,
        };

        let (added, new) = before.with_new_key(kind).unwrap();
        assert_eq!(
            ids_of(&added, kind),
            [old.clone(), new.clone()],
            "the old one is active"
        );
        assert_eq!(added.without_key(&old).err(), Some(is_active(&old)));

        let activated = added.with_active_key(&new).unwrap();
        assert_eq!(ids_of(&activated, kind), [new.clone(), old.clone()]);
        let again = activated.with_active_key(&new).unwrap();
        assert_eq!(ids_of(&again, kind), [new.clone(), old.clone()]);
        assert_eq!(activated.without_key(&new).err(), Some(is_active(&new)));

        let retired = activated.without_key(&old).unwrap();
        assert_eq!(ids_of(&retired, kind), std::slice::from_ref(&new));
        assert_eq!(retired.without_key(&new).err(), Some(is_active(&new)));
        let gone = KeyChangeError::NoSuchKey { id: old.clone() };
        assert_eq!(retired.with_active_key(&old).err(), Some(gone.clone()));
        assert_eq!(retired.without_key(&old).err(), Some(gone));

        for other in KeyKind::ALL.into_iter().filter(|other| *other != kind) {
            assert_eq!(ids_of(&retired, other), ids_of(&before, other));
        }
    }
}

#[test]
fn a_change_of_the_file_is_whole_private_and_leaves_nothing_behind() {
    let folder = folder();
    let path = folder.path().join("keys.json");
    KeyRing::load_or_create(&path).unwrap();
    let mut editor = KeyRingEditor::open(&path).unwrap();
    let (ring, id) = editor.ring().with_new_key(KeyKind::Audit).unwrap();
    editor.replace(ring).unwrap();
    let read = KeyRing::load(&path).unwrap();
    assert_eq!(ids_of(&read, KeyKind::Audit)[1], id);
    assert_eq!(editor.ring().describe(), read.describe());
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["keys.json", "keys.json.lock"]);
    for name in names {
        let mode = fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o600);
    }
}

#[test]
fn of_two_that_change_the_file_one_is_told_to_wait() {
    let folder = folder();
    let path = folder.path().join("keys.json");
    KeyRing::load_or_create(&path).unwrap();
    let first = KeyRingEditor::open(&path).unwrap();
    let second = KeyRingEditor::open(&path).err().unwrap();
    assert!(
        matches!(second, KeyRingError::BeingChanged { .. }),
        "{second}"
    );
    assert!(second.to_string().contains("try again"));
    drop(first);
    assert!(KeyRingEditor::open(&path).is_ok());
}

#[test]
fn what_a_link_leads_to_is_changed_and_the_link_stays() {
    let folder = folder();
    let path = folder.path().join("real.json");
    let link = folder.path().join("keys.json");
    KeyRing::load_or_create(&path).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut editor = KeyRingEditor::open(&link).unwrap();
    let (ring, _) = editor.ring().with_new_key(KeyKind::Master).unwrap();
    editor.replace(ring).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        ids_of(&KeyRing::load(&path).unwrap(), KeyKind::Master).len(),
        2
    );
}

#[test]
fn nobody_ever_reads_half_a_ring_and_no_change_is_lost() {
    const CHANGES_EACH: usize = 25;
    let folder = folder();
    let path = folder.path().join("keys.json");
    KeyRing::load_or_create(&path).unwrap();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let (told_to_wait, reads) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| add_keys(&path, CHANGES_EACH)))
            .collect();
        let reader = scope.spawn(|| {
            let mut reads = 0_u64;
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                KeyRing::load(&path).unwrap();
                reads += 1;
            }
            reads
        });
        let waits: u64 = writers.into_iter().map(|it| it.join().unwrap()).sum();
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        (waits, reader.join().unwrap())
    });
    println!("told to wait {told_to_wait} times, {reads} reads");
    let keys = ids_of(&KeyRing::load(&path).unwrap(), KeyKind::Pepper);
    assert_eq!(keys.len(), 1 + 4 * CHANGES_EACH);
    assert!(reads > 0);
}

fn add_keys(path: &Path, count: usize) -> u64 {
    let mut told_to_wait = 0;
    let mut added = 0;
    while added < count {
        match KeyRingEditor::open(path) {
            Ok(mut editor) => {
                let (ring, _) = editor.ring().with_new_key(KeyKind::Pepper).unwrap();
                editor.replace(ring).unwrap();
                added += 1;
            }
            Err(KeyRingError::BeingChanged { .. }) => told_to_wait += 1,
            Err(error) => panic!("{error}"),
        }
    }
    told_to_wait
}

#[test]
fn without_a_ring_there_is_nothing_to_change_and_no_lock_is_left() {
    let folder = folder();
    let error = KeyRingEditor::open(&folder.path().join("keys.json"))
        .err()
        .unwrap();
    assert!(matches!(error, KeyRingError::Missing { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
