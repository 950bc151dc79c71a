use super::*;
use crate::envelope::NONCE_LENGTH_BYTES;
use crate::key::random_bytes;
use crate::key_ring::test_rings;
use domain::ids::EntityId as _;
use proptest::prelude::{ProptestConfig, any, proptest};
use std::collections::HashSet;
use uuid::Uuid;

fn vault() -> EnvelopeVault {
    EnvelopeVault::new(Arc::new(test_rings::fresh()))
}

fn team(number: u128) -> TeamId {
    TeamId::from_uuid(Uuid::from_u128(number))
}

fn context(table: &'static str, column: &'static str, row: u128, team_number: u128) -> SealContext {
    SealContext {
        table,
        column,
        row: Uuid::from_u128(row),
        team_id: team(team_number),
    }
}

fn home() -> SealContext {
    context("platform_accounts", "secret", 1, 1)
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn assert_refused(result: &Result<SecretText, VaultError>, what: &str) {
    assert!(result.is_err(), "{what} was opened");
}

#[test]
fn what_is_sealed_opens_at_its_place() {
    let vault = vault();
    let key = vault.new_team_key(team(1)).unwrap();
    let sealed = vault.seal(&key, &home(), &secret("hunter2 ü")).unwrap();
    assert_eq!(
        vault.open(&key, &home(), &sealed).unwrap().expose(),
        "hunter2 ü"
    );
    assert!(!sealed.0.windows(7).any(|window| window == b"hunter2"));
}

#[test]
fn no_ciphertext_opens_anywhere_else() {
    let vault = vault();
    let places = [
        home(),
        context("platform_accounts", "secret", 2, 1),
        context("platform_accounts", "session", 1, 1),
        context("node_secrets", "secret", 1, 1),
        context("platform_accounts", "secret", 1, 2),
        // The same letters, divided differently.
        context("platform_account", "ssecret", 1, 1),
    ];
    let keys = [
        vault.new_team_key(team(1)).unwrap(),
        vault.new_team_key(team(2)).unwrap(),
    ];
    let other_key = vault.new_team_key(team(1)).unwrap();
    let mut moves = 0;
    for from in &places {
        let own_key = &keys[usize::from(from.team_id == team(2))];
        let sealed = vault.seal(own_key, from, &secret("hunter2")).unwrap();
        for to in places.iter().filter(|to| *to != from) {
            for key in &keys {
                assert_refused(&vault.open(key, to, &sealed), "a moved ciphertext");
                moves += 1;
            }
        }
        for key in keys
            .iter()
            .filter(|key| *key != own_key)
            .chain([&other_key])
        {
            assert_refused(&vault.open(key, from, &sealed), "another team's ciphertext");
            moves += 1;
        }
    }
    println!("moved ciphertexts opened: 0 of {moves}");
    assert_eq!(moves, 6 * 5 * 2 + 6 * 2);
}

#[test]
fn a_team_key_serves_its_team_only() {
    let vault = vault();
    let key = vault.new_team_key(team(1)).unwrap();
    let foreign = context("platform_accounts", "secret", 1, 2);
    assert_eq!(
        vault.seal(&key, &foreign, &secret("hunter2")).err(),
        Some(VaultError)
    );
    assert!(vault.seal(&key, &home(), &secret("hunter2")).is_ok());
}

#[test]
fn no_changed_byte_and_no_cut_goes_unnoticed() {
    let vault = vault();
    let key = vault.new_team_key(team(1)).unwrap();
    let sealed = vault.seal(&key, &home(), &secret("hunter2")).unwrap();
    let mut changes = 0;
    for (position, bit) in
        (0..sealed.0.len()).flat_map(|position| (0..8).map(move |bit| (position, bit)))
    {
        let mut changed = sealed.clone();
        changed.0[position] ^= 1 << bit;
        assert_refused(&vault.open(&key, &home(), &changed), "a changed secret");
        changes += 1;
    }
    for position in 0..key.0.len() {
        let mut changed = key.clone();
        changed.0[position] ^= 1;
        assert_refused(
            &vault.open(&changed, &home(), &sealed),
            "a changed team key",
        );
        changes += 1;
    }
    for length in 0..sealed.0.len() {
        let cut = SealedSecret(sealed.0[..length].to_vec());
        assert_refused(&vault.open(&key, &home(), &cut), "a cut secret");
        changes += 1;
    }
    for length in 0..key.0.len() {
        let cut = WrappedTeamKey(key.0[..length].to_vec());
        assert_refused(&vault.open(&cut, &home(), &sealed), "a cut team key");
        changes += 1;
    }
    println!("changed ciphertexts opened: 0 of {changes}");
}

#[test]
fn another_ring_opens_nothing() {
    let vault = vault();
    let key = vault.new_team_key(team(1)).unwrap();
    let sealed = vault.seal(&key, &home(), &secret("hunter2")).unwrap();
    let stranger = EnvelopeVault::new(Arc::new(test_rings::fresh()));
    assert_refused(
        &stranger.open(&key, &home(), &sealed),
        "a stranger's secret",
    );
    let impostor = test_rings::with_master_key_named(vault.ring.active_master_key().0);
    let impostor = EnvelopeVault::new(Arc::new(impostor));
    assert_refused(
        &impostor.open(&key, &home(), &sealed),
        "a secret under another key of that name",
    );
}

#[test]
fn an_old_master_key_still_opens_and_the_active_one_seals() {
    let (before, after) = test_rings::before_and_after_rotation();
    let new_id = after.active_master_key().0.to_owned();
    let old = EnvelopeVault::new(Arc::new(before));
    let new = EnvelopeVault::new(Arc::new(after));

    let old_key = old.new_team_key(team(1)).unwrap();
    let sealed = old.seal(&old_key, &home(), &secret("hunter2")).unwrap();
    assert_eq!(
        new.open(&old_key, &home(), &sealed).unwrap().expose(),
        "hunter2"
    );

    let new_key = new.new_team_key(team(1)).unwrap();
    assert_eq!(parse_team_key(&new_key.0).unwrap().0, new_id);
    let resealed = new.seal(&new_key, &home(), &secret("hunter3")).unwrap();
    assert_refused(
        &old.open(&new_key, &home(), &resealed),
        "a secret under a key that is not on the ring",
    );
}

#[test]
fn no_nonce_repeats_in_a_hundred_thousand() {
    let vault = vault();
    let key = vault.new_team_key(team(1)).unwrap();
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
        let key = vault.new_team_key(team(team_number)).unwrap();
        let place = context("t", "c", row, team_number);
        let sealed = vault.seal(&key, &place, &secret(&text)).unwrap();
        let opened = vault.open(&key, &place, &sealed).unwrap();
        assert_eq!(opened.expose(), text);
    }
}
