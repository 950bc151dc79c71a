use super::Cursors;
use domain::ids::TeamId;
use domain::ports::{MockTokenHasher, new_id};
use testkit::ids::SequentialIds;

/// A hash that differs when any byte does.
fn hasher(key: u8) -> MockTokenHasher {
    let mut hasher = MockTokenHasher::new();
    hasher.expect_fingerprint().returning(move |input| {
        let sum = |start: u64| {
            let bytes = input.iter().chain([&key]);
            bytes.fold(start, |sum, byte| {
                (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        [
            sum(1).to_be_bytes(),
            sum(2).to_be_bytes(),
            sum(3).to_be_bytes(),
        ]
        .concat()
    });
    hasher
}

#[test]
fn a_cursor_is_good_for_its_own_list_team_and_key_only() {
    let ids = SequentialIds::new();
    let (team, other): (TeamId, TeamId) = (new_id(&ids), new_id(&ids));
    let (key, other_key) = (hasher(1), hasher(2));
    let cursors = |hasher, owner, list| Cursors {
        hasher,
        owner,
        list,
    };
    let own = cursors(&key, team, "jobs/a/log");
    let cursor = own.write(&17_i64);
    assert_eq!(own.read::<i64>(&cursor).expect("its own"), 17);
    for foreign in [
        cursors(&key, other, "jobs/a/log"),
        cursors(&key, team, "jobs/b/log"),
        cursors(&other_key, team, "jobs/a/log"),
    ] {
        assert!(foreign.read::<i64>(&cursor).is_err());
    }
}

#[test]
fn no_byte_of_a_cursor_can_be_changed() {
    let ids = SequentialIds::new();
    let key = hasher(1);
    let own = Cursors {
        hasher: &key,
        owner: new_id::<TeamId>(&ids),
        list: "environments",
    };
    let cursor = own.write(&123_456_i64);
    for place in 0..cursor.len() {
        let mut forged = cursor.clone().into_bytes();
        forged[place] = if forged[place] == b'A' { b'Q' } else { b'A' };
        let forged = String::from_utf8(forged).expect("still ASCII");
        assert!(own.read::<i64>(&forged).is_err(), "{place}: {forged}");
    }
}
