//! Which processes share the store.

use super::Store;
use domain::ports::RegisteredProcess;

fn process(store: &Store, role: &str) -> RegisteredProcess {
    RegisteredProcess {
        id: store.process(),
        role: role.to_owned(),
        is_coordinated: role == "worker",
        key_ids: vec!["mk_1".to_owned(), "pep_1".to_owned()],
    }
}

/// The second one sees the first one as it is.
pub async fn processes_see_each_other(store: &Store) {
    let (first, second) = (process(store, "api"), process(store, "worker"));
    let register = async |process| {
        let others = store.processes.register(process).await;
        others.expect("registered")
    };
    assert_eq!(register(&first).await, []);
    assert_eq!(register(&second).await, std::slice::from_ref(&first));
    assert_eq!(register(&first).await, [second]);
}

/// At least one of two sees the other, so two that must not run together cannot both start.
pub async fn processes_that_register_at_once_see_each_other(store: &Store) {
    for _ in 0..10 {
        let (first, second) = (process(store, "all"), process(store, "all"));
        let (seen_by_first, seen_by_second) = futures::join!(
            store.processes.register(&first),
            store.processes.register(&second),
        );
        let sees_second = seen_by_first.expect("registered").contains(&second);
        let sees_first = seen_by_second.expect("registered").contains(&first);
        assert!(sees_first || sees_second);
        for process in [first, second] {
            store.processes.leave(process.id).await.expect("left");
        }
    }
}

/// Which keys a process holds is what it said last.
pub async fn the_keys_of_living_processes_are_known(store: &Store) {
    let (mut first, second) = (process(store, "api"), process(store, "worker"));
    for process in [&first, &second] {
        store.processes.register(process).await.expect("registered");
    }
    first.key_ids = vec!["mk_1".to_owned(), "mk_2".to_owned()];
    let renewed = store.processes.renew(first.id, &first.key_ids).await;
    renewed.expect("renewed");
    let living = async || store.processes.list_living().await.expect("read");
    assert_eq!(living().await, [first.clone(), second.clone()]);
    store.processes.leave(first.id).await.expect("left");
    assert_eq!(living().await, [second]);
}

/// Who has left is gone at once; renewing needs a registration.
pub async fn who_left_or_died_is_not_seen(store: &Store) {
    let (first, second) = (process(store, "all"), process(store, "all"));
    store.processes.register(&first).await.expect("registered");
    let keys = &first.key_ids;
    let renewed = store.processes.renew(first.id, keys).await;
    renewed.expect("renewed");
    store.processes.leave(first.id).await.expect("left");
    let others = store.processes.register(&second).await;
    assert_eq!(others.expect("registered"), []);
    assert!(store.processes.renew(first.id, keys).await.is_err());
}
