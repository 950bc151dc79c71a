//! Log files of nodes.

use super::node_of;
use crate::support::{Simulated, account, short_domain};
use domain::names::FilePath;
use domain::ports::{LogRange, PlatformLogs, PlatformReadError, RefusalClass};
use virtuozzo_simulator::{StoredLog, World};

const PATH: &str = "/var/log/a b&c=+%;ä.log";
const TEXT: &str = "première\n<script>alert(1)</script>\nseconde";

fn world() -> World {
    let mut world = World::example();
    world.logs.push(StoredLog {
        node_group: Some("cp".into()),
        path: PATH.into(),
        text: TEXT.into(),
    });
    world
}

#[tokio::test]
async fn the_log_files_of_a_node_are_listed_with_their_sizes() {
    let simulated = Simulated::with_environment_in(world()).await;
    let (account, shop) = (account(), short_domain());
    let mut has_it = Vec::new();
    for layer in ["cp", "sqldb"] {
        let node = node_of(&simulated, layer).await;
        let files = simulated.platforms.list_log_files(&account, &shop, node);
        let files = files.await.unwrap();
        let found = files.into_iter().find(|file| file.path == PATH);
        has_it.push(found.map(|file| file.size));
    }
    assert_eq!(has_it, [Some(Some(TEXT.len() as u64)), None]);
}

#[tokio::test]
async fn a_log_is_read_in_pieces_of_characters() {
    let simulated = Simulated::with_environment_in(world()).await;
    let (account, shop) = (account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let path = FilePath::parse(PATH).unwrap();
    let cases = [
        (0, 5, "premi"),
        (5, 4, "ère\n"),
        (TEXT.chars().count() as u64 - 7, 1_000, "seconde"),
        (10_000, 10, ""),
    ];
    for (from, count, expected) in cases {
        let range = LogRange { from, count };
        let read = simulated
            .platforms
            .read_log(&account, &shop, node, &path, range);
        assert_eq!(read.await, Ok(expected.to_owned()), "{range:?}");
    }
}

#[tokio::test]
async fn a_log_that_is_not_there_is_not_found() {
    let simulated = Simulated::with_environment().await;
    let (account, shop) = (account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let path = FilePath::parse("/var/log/none.log").unwrap();
    let range = LogRange { from: 0, count: 10 };
    let read = simulated
        .platforms
        .read_log(&account, &shop, node, &path, range);
    let error = read.await.unwrap_err();
    assert!(
        matches!(&error, PlatformReadError::Refused(refusal) if refusal.class == RefusalClass::NotFound),
        "{error:?}"
    );
}
