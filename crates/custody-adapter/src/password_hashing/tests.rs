use super::*;
use futures::FutureExt as _;
use futures::executor::block_on;
use futures::future::join_all;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};
use thread::Hashing;

/// Little work, for tests about everything but the work.
const CHEAP: Costs = Costs {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

fn cheap() -> PasswordThreads {
    PasswordThreads::start_with(CHEAP).unwrap()
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn verdict(threads: &PasswordThreads, password: &str, stored: &PasswordHash) -> PasswordVerdict {
    block_on(threads.verify(secret(password), Some(stored.clone()))).unwrap()
}

const RIGHT: PasswordVerdict = PasswordVerdict::Right { is_outdated: false };

#[test]
fn the_right_password_is_right_and_others_are_wrong() {
    let threads = cheap();
    let stored = block_on(threads.hash(secret("correct horse ü"))).unwrap();
    assert!(!stored.0.contains("horse"));
    assert_eq!(verdict(&threads, "correct horse ü", &stored), RIGHT);
    for wrong in ["", "correct horse", "Correct horse ü", "correct horse ü "] {
        assert_eq!(verdict(&threads, wrong, &stored), PasswordVerdict::Wrong);
    }
    let again = block_on(threads.hash(secret("correct horse ü"))).unwrap();
    assert_ne!(stored.0, again.0, "each has a salt of its own");
}

#[test]
fn what_is_stored_has_the_costs_that_were_decided() {
    let threads = PasswordThreads::start().unwrap();
    let stored = block_on(threads.hash(secret("correct horse"))).unwrap();
    assert!(
        stored.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "costs"
    );
    assert_eq!(verdict(&threads, "correct horse", &stored), RIGHT);
}

#[test]
fn hashes_of_the_reference_implementation_are_read() {
    let threads = cheap();
    let text =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let stored = PasswordHash(text.to_owned());
    let outdated = PasswordVerdict::Right { is_outdated: true };
    assert_eq!(verdict(&threads, "password", &stored), outdated);
    assert_eq!(
        verdict(&threads, "passwore", &stored),
        PasswordVerdict::Wrong
    );
}

#[test]
fn other_costs_are_read_and_called_outdated() {
    let old = PasswordThreads::start_with(CHEAP).unwrap();
    let new = PasswordThreads::start_with(Costs {
        memory_kib: 128,
        ..CHEAP
    })
    .unwrap();
    let outdated = PasswordVerdict::Right { is_outdated: true };
    let stored = block_on(old.hash(secret("a"))).unwrap();
    assert_eq!(verdict(&new, "a", &stored), outdated);
    assert_eq!(verdict(&new, "b", &stored), PasswordVerdict::Wrong);
    // The memory grows for what was stored under higher costs.
    let stored = block_on(new.hash(secret("a"))).unwrap();
    assert_eq!(verdict(&old, "a", &stored), outdated);
}

#[test]
fn stored_forms_that_make_no_sense_are_refused() {
    let threads = cheap();
    let stored = block_on(threads.hash(secret("a"))).unwrap().0;
    for damaged in [
        String::new(),
        "password".to_owned(),
        stored.replace("argon2id", "argon2i"),
        stored.replace("v=19", "v=16"),
        stored.replace("m=64", "m=4194304"),
        stored.replace("t=1", "t=4000000"),
        stored.replace("p=1", "p=64"),
        stored.rsplit_once('$').unwrap().0.to_owned(),
        stored[..stored.len() - 4].to_owned(),
    ] {
        let stored = Some(PasswordHash(damaged.clone()));
        let outcome = block_on(threads.verify(secret("a"), stored));
        assert_eq!(outcome, Err(PasswordHashError::Failed), "{damaged}");
    }
}

#[test]
fn without_an_account_the_same_work_is_done_and_nothing_is_right() {
    let threads = cheap();
    let stored = block_on(threads.hash(secret("a"))).unwrap();
    let before = threads.load();
    assert_eq!(verdict(&threads, "b", &stored), PasswordVerdict::Wrong);
    let between = threads.load();
    let outcome = block_on(threads.verify(secret("b"), None));
    assert_eq!(outcome, Ok(PasswordVerdict::Wrong));
    let after = threads.load();
    assert_eq!(between.ended - before.ended, 1);
    assert_eq!(after.ended - between.ended, 1);
    let nobodys = StoredForm::parse(&threads.nobodys).unwrap();
    assert_eq!(nobodys.costs, StoredForm::parse(&stored).unwrap().costs);
}

/// Waits until the threads are idle, or for far longer than they can take.
fn wait_until_idle(threads: &PasswordThreads) -> PasswordLoad {
    let begun = Instant::now();
    loop {
        let load = threads.load();
        // Behind whatever was queued comes this one, and then nothing is.
        match block_on(threads.hash(secret("last"))) {
            Ok(_) => {}
            Err(PasswordHashError::Busy) => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => panic!("{error}"),
        }
        let now = threads.load();
        if now.running == 0 && now.begun == load.begun + 1 {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{now:?}");
    }
}

#[test]
fn a_flood_of_abandoned_callers_never_gets_more_than_two_hashes_at_once() {
    let threads = PasswordThreads::start_with(Costs {
        memory_kib: 1024,
        ..CHEAP
    })
    .unwrap();
    let (mut abandoned, mut busy) = (0_u32, 0_u32);
    while abandoned < 2_000 {
        let mut hashing = Box::pin(threads.hash(secret("flood")));
        // Polled once, so that it is queued; then dropped, most of them in the middle of the hash.
        match hashing.as_mut().now_or_never() {
            Some(Err(PasswordHashError::Busy)) => busy += 1,
            Some(Err(error)) => panic!("{error}"),
            // A thread was faster than this one.
            Some(Ok(_)) => {}
            None => abandoned += 1,
        }
        if abandoned % 3 == 0 {
            // Until a thread has taken it.
            let before = threads.load().begun;
            let asked = Instant::now();
            while threads.load().begun == before && asked.elapsed() < Duration::from_millis(5) {
                std::hint::spin_loop();
            }
        }
        drop(hashing);
    }
    let load = wait_until_idle(&threads);
    println!("abandoned {abandoned}, busy {busy}, {load:?}");
    assert_eq!(load.running_max, 2);
    assert_eq!(
        load.begun, load.ended,
        "each that was begun came to its end"
    );
    assert!(load.begun > 100, "hashes were really begun: {load:?}");
}

/// The queue is full before a thread comes to it, so nothing here depends on who is faster.
#[test]
fn what_nobody_waits_for_any_more_is_not_begun() {
    let (queue, tasks) = sync_channel(QUEUE_LENGTH);
    let queued = |password: &str| {
        let (answer, waiting) = oneshot::channel();
        let password = secret(password);
        let work = Work::Hash { answer };
        queue.try_send(Task { password, work }).unwrap();
        waiting
    };
    let first = queued("first");
    for _ in 0..QUEUE_LENGTH - 2 {
        drop(queued("abandoned"));
    }
    let last = queued("last");
    drop(queue);
    let load = Arc::new(Load::default());
    Hashing::new(CHEAP, &load).run(&Mutex::new(tasks));
    for waiting in [first, last] {
        block_on(waiting).unwrap().unwrap();
    }
    assert_eq!(load.read().begun, 2);
}

#[test]
fn whoever_finds_the_queue_full_is_told_so_at_once() {
    let threads = PasswordThreads::start_with(Costs {
        memory_kib: 8 * 1024,
        ..CHEAP
    })
    .unwrap();
    let callers = (0..THREADS + QUEUE_LENGTH + 50).map(|_| threads.hash(secret("a")));
    let outcomes = block_on(join_all(callers));
    let busy = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(PasswordHashError::Busy)))
        .count();
    let hashed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    println!("hashed {hashed}, busy {busy}");
    assert_eq!(hashed + busy, outcomes.len());
    assert!((QUEUE_LENGTH..=QUEUE_LENGTH + 50).contains(&hashed));
    assert!(busy > 0);
    assert_eq!(threads.load().running_max, 2);
}

#[test]
fn the_threads_end_with_their_hasher() {
    let threads = cheap();
    let load = Arc::downgrade(&threads.load);
    block_on(threads.hash(secret("a"))).unwrap();
    drop(threads);
    let begun = Instant::now();
    while load.strong_count() > 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "a thread is left");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn passwords_that_anybody_would_try_are_weak() {
    let threads = cheap();
    let known = [
        "Anna Berghammer".to_owned(),
        "anna.berghammer@example.com".to_owned(),
    ];
    let weakness = |password: &str| threads.weakness(&secret(password), &known);
    for weak in [
        "password1234",
        "P@ssw0rd1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "abcdefghijkl",
        "Berghammer2026",
        "anna.berghammer",
        "annaannaanna",
        "letmeinletmein",
    ] {
        let why = weakness(weak).unwrap_or_else(|| panic!("{weak} was taken"));
        assert!(why.contains("too easy to guess"), "{why}");
        assert!(!why.contains(weak), "{why}");
    }
    for strong in [
        "correct horse battery staple",
        "zeppelin-kompost-vierzig",
        "k9#vTq2!mZr7",
        "Ünder den Lïnden im Regen",
    ] {
        assert_eq!(weakness(strong), None, "{strong}");
    }
    let without = threads.weakness(&secret("Berghammer+Salzburg"), &[]);
    assert_eq!(without, None, "the person's words are what makes it weak");
}

#[test]
fn the_longest_password_is_weighed_in_no_time() {
    let threads = cheap();
    for unit in ["a", "aB3$", "password", "0123456789", "ü"] {
        let longest: String = unit.chars().cycle().take(128).collect();
        let begun = Instant::now();
        drop(threads.weakness(&secret(&longest), &["anna".to_owned()]));
        let took = begun.elapsed();
        println!("{unit}: {took:?}");
        assert!(took < Duration::from_secs(5), "{unit}: {took:?}");
    }
}
