use super::*;
use crate::envelope::NONCE_LENGTH_BYTES;
use crate::key::random_bytes;
use crate::key_ring::test_rings;
use domain::ids::{EntityId as _, TeamId, UserId};
use proptest::prelude::{ProptestConfig, any, proptest};
use std::collections::HashSet;
use uuid::Uuid;

const SECRET: &str = "hunter2 ü";

fn vault() -> EnvelopeVault {
    EnvelopeVault::new(LiveKeyRing::fixed(test_rings::fresh()))
}

fn team(number: u128) -> KeyOwner {
    KeyOwner::Team(TeamId::from_uuid(Uuid::from_u128(number)))
}

fn user(number: u128) -> KeyOwner {
    KeyOwner::User(UserId::from_uuid(Uuid::from_u128(number)))
}

fn context(table: &'static str, column: &'static str, row: u128, owner: KeyOwner) -> SealContext {
    SealContext {
        table,
        column,
        row: Uuid::from_u128(row),
        owner,
    }
}

fn home() -> SealContext {
    context("platform_accounts", "sealed_credential", 1, team(1))
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

/// Counts what was tried; whatever opens, and any other text than the one, is a failure.
#[derive(Default)]
struct Refusals {
    tried: u64,
    decrypted: u64,
    texts: HashSet<String>,
}

impl Refusals {
    fn expect<Opened>(&mut self, result: &Result<Opened, VaultError>) {
        self.tried += 1;
        match result {
            Ok(_) => self.decrypted += 1,
            Err(error) => {
                self.texts.insert(format!("{error} {error:?}"));
            }
        }
    }

    #[track_caller]
    fn assert_none_decrypted(&self, what: &str) {
        println!("{what} {}, decrypts {}", self.tried, self.decrypted);
        assert_eq!(self.decrypted, 0, "{what}");
        assert_eq!(
            self.texts.len(),
            1,
            "one text for every cause: {:?}",
            self.texts
        );
    }
}

#[test]
fn what_is_sealed_opens_at_its_place() {
    let vault = vault();
    for owner in [team(1), user(1)] {
        let place = context("users", "sealed_totp", 1, owner);
        let key = vault.new_key(owner).unwrap();
        let sealed = vault.seal(&key, &place, &secret(SECRET)).unwrap();
        assert_eq!(vault.open(&key, &place, &sealed).unwrap().expose(), SECRET);
        assert!(!sealed.0.windows(7).any(|window| window == b"hunter2"));
    }
}

/// Every place there is in the store, and some that are made to be mistaken for one: the same letters
/// divided differently, ids that two sorts of owner share.
fn places() -> Vec<SealContext> {
    let columns = [
        ("platform_accounts", "sealed_credential"),
        ("platform_accounts", "sealed_confirmation"),
        ("platform_sessions", "sealed_key"),
        ("job_secrets", "sealed_secret"),
        ("users", "sealed_totp"),
        ("platform_account", "ssealed_credential"),
        ("platform_accountssealed_credential", ""),
        ("", "platform_accountssealed_credential"),
    ];
    let owners = [team(1), team(2), user(1), user(2)];
    let rows = [1, 2];
    let mut places = Vec::new();
    for (table, column) in columns {
        for owner in owners {
            places.extend(rows.map(|row| context(table, column, row, owner)));
        }
    }
    places
}

#[test]
fn no_ciphertext_opens_anywhere_else() {
    let vault = vault();
    let places = places();
    let owners: Vec<KeyOwner> = [team(1), team(2), user(1), user(2)].into();
    let keys: Vec<_> = owners
        .iter()
        .map(|owner| vault.new_key(*owner).unwrap())
        .collect();
    let another_of_team = vault.new_key(team(1)).unwrap();
    let mut moves = Refusals::default();
    for from in &places {
        let own = owners
            .iter()
            .position(|owner| *owner == from.owner)
            .unwrap();
        let sealed = vault.seal(&keys[own], from, &secret(SECRET)).unwrap();
        assert_eq!(
            vault.open(&keys[own], from, &sealed).unwrap().expose(),
            SECRET
        );
        for to in places.iter().filter(|to| *to != from) {
            for key in &keys {
                moves.expect(&vault.open(key, to, &sealed));
            }
        }
        let others = keys.iter().enumerate().filter(|(place, _)| *place != own);
        for key in others.map(|(_, key)| key).chain([&another_of_team]) {
            moves.expect(&vault.open(key, from, &sealed));
        }
    }
    // The halves of two secrets of one place do not fit together either.
    let one = vault.seal(&keys[0], &home(), &secret("one")).unwrap();
    let other = vault.seal(&keys[0], &home(), &secret("other")).unwrap();
    let (wrapped, _) = parse_record(&one.0).unwrap();
    let (_, content) = parse_record(&other.0).unwrap();
    let mixed = SealedSecret([&[VERSION], wrapped, content].concat());
    moves.expect(&vault.open(&keys[0], &home(), &mixed));
    moves.assert_none_decrypted("moves");
    assert_eq!(moves.tried, 64 * (63 * 4 + 4) + 1);
}

/// Even where one key is the key of all owners, which no code makes it: the place alone decides.
#[test]
fn no_ciphertext_opens_anywhere_else_under_the_same_key_either() {
    let vault = vault();
    let key = Key::generate().unwrap();
    let ring = vault.ring.current();
    let wrapped_for = |owner| wrap_under_active(&ring, &key, owner).unwrap();
    let places = places();
    let mut moves = Refusals::default();
    for from in &places {
        let sealed = vault
            .seal(&wrapped_for(from.owner), from, &secret(SECRET))
            .unwrap();
        for to in &places {
            let opened = vault.open(&wrapped_for(to.owner), to, &sealed);
            if to == from {
                assert_eq!(opened.unwrap().expose(), SECRET);
            } else {
                moves.expect(&opened);
            }
        }
    }
    moves.assert_none_decrypted("moves under one key");
    assert_eq!(moves.tried, 64 * 63);
}

#[test]
fn a_wrapped_key_serves_its_owner_only() {
    let vault = vault();
    let owners = [team(1), team(2), user(1), user(2)];
    let mut moves = Refusals::default();
    let (_, after) = test_rings::before_and_after_rotation();
    let rotated = EnvelopeVault::new(LiveKeyRing::fixed(after));
    for owner in owners {
        let key = vault.new_key(owner).unwrap();
        for other in owners.into_iter().filter(|other| *other != owner) {
            let foreign = context("platform_accounts", "sealed_credential", 1, other);
            moves.expect(&vault.seal(&key, &foreign, &secret(SECRET)));
            moves.expect(&rotated.rewrap(&key, other));
        }
    }
    moves.assert_none_decrypted("moves of wrapped keys");
}

#[test]
fn no_changed_byte_and_no_cut_goes_unnoticed() {
    let vault = vault();
    let key = vault.new_key(team(1)).unwrap();
    let sealed = vault.seal(&key, &home(), &secret(SECRET)).unwrap();
    let mut flips = Refusals::default();
    // Each bit of every byte, and every byte as a whole, of both.
    let changes = (0..8).map(|bit| 1 << bit).chain([u8::MAX]);
    for change in changes {
        for position in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[position] ^= change;
            flips.expect(&vault.open(&key, &home(), &changed));
        }
        for position in 0..key.0.len() {
            let mut changed = key.clone();
            changed.0[position] ^= change;
            flips.expect(&vault.open(&changed, &home(), &sealed));
        }
    }
    flips.assert_none_decrypted("flips");
    assert_eq!(flips.tried, 9 * (sealed.0.len() + key.0.len()) as u64);

    let mut cuts = Refusals::default();
    for length in 0..sealed.0.len() {
        let cut = SealedSecret(sealed.0[..length].to_vec());
        cuts.expect(&vault.open(&key, &home(), &cut));
    }
    for length in 0..key.0.len() {
        let cut = WrappedKey(key.0[..length].to_vec());
        cuts.expect(&vault.open(&cut, &home(), &sealed));
    }
    for more in [0, 1, 0xFF] {
        let longer = SealedSecret([sealed.0.as_slice(), &[more]].concat());
        cuts.expect(&vault.open(&key, &home(), &longer));
        let longer = WrappedKey([key.0.as_slice(), &[more]].concat());
        cuts.expect(&vault.open(&longer, &home(), &sealed));
    }
    cuts.assert_none_decrypted("cuts and additions");
}

#[test]
fn another_ring_opens_nothing() {
    let ring = test_rings::fresh();
    let impostor = test_rings::with_master_key_named(ring.active_master_key().0);
    let vault = EnvelopeVault::new(LiveKeyRing::fixed(ring));
    let key = vault.new_key(team(1)).unwrap();
    let sealed = vault.seal(&key, &home(), &secret(SECRET)).unwrap();
    let mut refusals = Refusals::default();
    let stranger = self::vault();
    refusals.expect(&stranger.open(&key, &home(), &sealed));
    refusals.expect(&stranger.rewrap(&key, team(1)));
    // Another key of the same name.
    let impostor = EnvelopeVault::new(LiveKeyRing::fixed(impostor));
    refusals.expect(&impostor.open(&key, &home(), &sealed));
    refusals.assert_none_decrypted("openings by strangers");
}

#[test]
fn an_old_master_key_still_opens_and_the_active_one_wraps() {
    let (before, after) = test_rings::before_and_after_rotation();
    let new_id = after.active_master_key().0.to_owned();
    let old_id = before.active_master_key().0.to_owned();
    let retired = after.without_key(&old_id).unwrap();
    let [old, new, retired] =
        [before, after, retired].map(|ring| EnvelopeVault::new(LiveKeyRing::fixed(ring)));

    let key = old.new_key(team(1)).unwrap();
    let sealed = old.seal(&key, &home(), &secret(SECRET)).unwrap();
    assert_eq!(new.open(&key, &home(), &sealed).unwrap().expose(), SECRET);
    assert!(
        old.rewrap(&key, team(1)).unwrap().is_none(),
        "it is already"
    );

    assert_eq!(new.active_master_key_id(), new_id);
    let rewrapped = new.rewrap(&key, team(1)).unwrap().unwrap();
    assert_eq!(parse_wrapped_key(&rewrapped.0).unwrap().0, new_id);
    assert!(new.rewrap(&rewrapped, team(1)).unwrap().is_none());
    assert_eq!(
        new.open(&rewrapped, &home(), &sealed).unwrap().expose(),
        SECRET
    );

    // Without the old key only what was wrapped anew opens.
    assert!(retired.open(&key, &home(), &sealed).is_err());
    let opened = retired.open(&rewrapped, &home(), &sealed).unwrap();
    assert_eq!(opened.expose(), SECRET);
    assert!(old.open(&rewrapped, &home(), &sealed).is_err());
}

#[test]
fn no_nonce_repeats_in_a_hundred_thousand() {
    let vault = vault();
    let key = vault.new_key(team(1)).unwrap();
    let mut nonces = HashSet::new();
    for _ in 0..1_000 {
        let sealed = vault.seal(&key, &home(), &secret("x")).unwrap();
        let (wrapped, content) = parse_record(&sealed.0).unwrap();
        for part in [wrapped, content] {
            let (nonce, _) = part.split_first_chunk::<NONCE_LENGTH_BYTES>().unwrap();
            assert!(nonces.insert(*nonce), "a nonce repeats");
        }
    }
    // Encryption in a debug build is slow; the rest comes from the same source directly.
    while nonces.len() < 100_000 {
        assert!(nonces.insert(random_bytes().unwrap()), "a nonce repeats");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(text in any::<String>(), row in any::<u128>(), team_number in any::<u128>()) {
        let vault = vault();
        let key = vault.new_key(team(team_number)).unwrap();
        let place = context("t", "c", row, team(team_number));
        let sealed = vault.seal(&key, &place, &secret(&text)).unwrap();
        let opened = vault.open(&key, &place, &sealed).unwrap();
        assert_eq!(opened.expose(), text);
    }
}
