use super::*;
use crate::EnvelopeVault;
use crate::key_ring::KeyRingEditor;
use domain::ids::{EntityId as _, TeamId};
use domain::key_ring::{KeyKind, active_key_id};
use domain::ports::SecretVault as _;
use domain::sealed::KeyOwner;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;
use uuid::Uuid;

struct Installation {
    folder: TempDir,
    path: PathBuf,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        KeyRing::load_or_create(&path).unwrap();
        Self { folder, path }
    }

    fn change(&self, change: impl FnOnce(&KeyRing) -> KeyRing) {
        let mut editor = KeyRingEditor::open(&self.path).unwrap();
        let ring = change(editor.ring());
        editor.replace(ring).unwrap();
    }

    fn activate_new_master_key(&self) -> String {
        let mut new_id = String::new();
        self.change(|ring| {
            let (ring, id) = ring.with_new_key(KeyKind::Master).unwrap();
            new_id = id;
            ring.with_active_key(&new_id).unwrap()
        });
        new_id
    }
}

#[track_caller]
fn assert_kept(refreshed: &Refreshed, expected: &str) {
    let Refreshed::Kept(error) = refreshed else {
        panic!("{refreshed:?}");
    };
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn a_running_process_follows_its_file() {
    let installation = Installation::new();
    let live = Arc::new(LiveKeyRing::open(&installation.path).unwrap());
    let vault = EnvelopeVault::new(Arc::clone(&live));
    let owner = KeyOwner::Team(TeamId::from_uuid(Uuid::from_u128(1)));
    let old_id = vault.active_master_key_id();
    let wrapped = vault.new_key(owner).unwrap();
    assert!(matches!(live.refresh(), Refreshed::Unchanged));

    let new_id = installation.activate_new_master_key();
    assert_eq!(
        vault.active_master_key_id(),
        old_id,
        "not before it has looked"
    );
    assert!(matches!(live.refresh(), Refreshed::Exchanged));
    assert!(matches!(live.refresh(), Refreshed::Unchanged));
    assert_eq!(vault.active_master_key_id(), new_id);
    let published = live.published_key_ids();
    assert_eq!(
        active_key_id(&published, KeyKind::Master),
        Some(new_id.as_str())
    );
    assert!(published.contains(&old_id));
    assert!(vault.rewrap(&wrapped, owner).unwrap().is_some());
}

#[test]
fn a_ring_that_was_just_made_is_not_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveKeyRing::open_or_create(&folder.path().join("keys.json")).unwrap();
    assert!(matches!(live.refresh(), Refreshed::Unchanged));
}

#[test]
fn a_file_that_cannot_be_used_changes_nothing_and_is_said_once() {
    let installation = Installation::new();
    let live = LiveKeyRing::open(&installation.path).unwrap();
    let before = live.published_key_ids();
    let good = fs::read(&installation.path).unwrap();

    fs::write(&installation.path, &good[..good.len() / 2]).unwrap();
    assert_kept(&live.refresh(), "damaged");
    assert!(matches!(live.refresh(), Refreshed::Unchanged), "said once");

    fs::remove_file(&installation.path).unwrap();
    assert_kept(&live.refresh(), "there is no key ring");
    assert!(matches!(live.refresh(), Refreshed::Unchanged));

    fs::write(&installation.path, &good).unwrap();
    fs::set_permissions(&installation.path, fs::Permissions::from_mode(0o644)).unwrap();
    assert_kept(&live.refresh(), "open to others");
    assert_eq!(live.published_key_ids(), before);

    fs::set_permissions(&installation.path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(live.refresh(), Refreshed::Exchanged));
    assert_eq!(live.published_key_ids(), before);
}

#[test]
fn the_ring_of_another_installation_is_not_taken() {
    let installation = Installation::new();
    let live = LiveKeyRing::open(&installation.path).unwrap();
    let before = live.published_key_ids();
    let stranger = Installation::new();
    fs::rename(&stranger.path, &installation.path).unwrap();
    assert_kept(&live.refresh(), "another installation");
    assert_eq!(live.published_key_ids(), before);
    drop(stranger.folder);
    drop(installation.folder);
}

#[test]
fn readers_see_whole_rings_while_they_are_exchanged() {
    let installation = Installation::new();
    let live = LiveKeyRing::open(&installation.path).unwrap();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let reads = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0_u64;
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                let ring = live.current();
                let (id, _) = ring.active_master_key();
                assert!(ring.master_key(id).is_some());
                reads += 1;
            }
            reads
        });
        for _ in 0..20 {
            let id = installation.activate_new_master_key();
            assert!(matches!(live.refresh(), Refreshed::Exchanged));
            assert_eq!(live.current().active_master_key().0, id);
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(reads > 0);
}
