use super::{ListLogFiles, LogPiece, LogPlace, ReadLogFile};
use crate::sample::{
    HandClock, account, demands, environment_id, id, owner, read_budget, refusal, showing_layers,
    team,
};
use crate::{LiveReads, UseCaseError};
use domain::access::Permission;
use domain::ids::NodeId;
use domain::names::FilePath;
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::{LogFile, MockHostingPlatform};
use std::sync::{Arc, Mutex};

const PATH: &str = "/var/log/run.log";

/// The ranges that were read.
type Asked = Arc<Mutex<Vec<(u64, u32)>>>;

fn node() -> NodeId {
    id(20)
}

/// A node with one log file.
fn platform(text: &'static str) -> (MockHostingPlatform, Asked) {
    let asked = Asked::default();
    let kept = Arc::clone(&asked);
    let mut platform = MockHostingPlatform::default();
    platform
        .logs
        .expect_list_log_files()
        .returning(move |_, _, _| {
            Ok(vec![LogFile {
                path: PATH.to_owned(),
                size: Some(text.len() as u64),
            }])
        });
    platform
        .logs
        .expect_read_log()
        .returning(move |_, _, _, _, range| {
            kept.lock().unwrap().push((range.from, range.count));
            let from = usize::try_from(range.from).unwrap();
            let rest = text.chars().skip(from).take(range.count as usize);
            Ok(rest.collect())
        });
    (platform, asked)
}

fn reading(platform: MockHostingPlatform, account: PlatformAccount) -> ReadLogFile {
    let mut read_model = showing_layers(&["cp"]);
    read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    let reads = Arc::new(LiveReads::new(
        Arc::new(platform),
        Arc::new(read_model),
        Arc::new(HandClock::default()),
        read_budget(),
    ));
    let files = Arc::new(ListLogFiles::new(Arc::clone(&reads)));
    ReadLogFile::new(reads, files)
}

fn place(from: Option<u64>, count: u32) -> LogPlace {
    LogPlace {
        environment_id: environment_id(),
        node_id: node(),
        path: FilePath::parse(PATH).unwrap(),
        from,
        count,
    }
}

async fn read(text: &'static str, place: LogPlace) -> Result<LogPiece, UseCaseError> {
    let (platform, _) = platform(text);
    let reader = reading(platform, account());
    reader.run(&owner(), team(), &place).await
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::LogsView, |actor, target| async move {
        let reader = reading(MockHostingPlatform::default(), account());
        reader.run(&actor, target.team_id, &place(None, 10)).await
    })
    .await;
}

#[tokio::test]
async fn a_piece_says_where_the_next_one_begins_in_characters() {
    let piece = read("äöüß and more", place(Some(1), 4)).await.unwrap();
    assert_eq!((piece.from, &*piece.text, piece.next_from), (1, "öüß ", 5));
    let end = read("äöüß", place(Some(4), 10)).await.unwrap();
    assert_eq!(
        (&*end.text, end.next_from, end.was_begun_anew),
        ("", 4, false)
    );
}

#[tokio::test]
async fn the_last_piece_ends_with_the_file_whatever_its_letters() {
    for text in [
        "plain text at the end",
        "ää öö üü ßß at the end",
        "ääääääääääääää",
    ] {
        let piece = read(text, place(None, 7)).await.unwrap();
        let all: Vec<_> = text.chars().collect();
        let expected: String = all[all.len() - 7..].iter().collect();
        assert_eq!(piece.text, expected, "{text}");
        assert_eq!(piece.next_from, all.len() as u64);
    }
    let short = read("abc", place(None, 7)).await.unwrap();
    assert_eq!((short.from, &*short.text), (0, "abc"));
}

#[tokio::test]
async fn a_file_that_is_shorter_than_the_place_was_begun_anew() {
    let piece = read("abc", place(Some(40), 10)).await.unwrap();
    assert!(piece.was_begun_anew);
}

#[tokio::test]
async fn only_log_files_are_read_and_only_of_nodes_that_are_there() {
    let (platform, asked) = platform("text");
    let reader = reading(platform, account());
    let elsewhere = LogPlace {
        path: FilePath::parse("/var/www/webroot/wp-config.php").unwrap(),
        ..place(None, 10)
    };
    let refused = reader.run(&owner(), team(), &elsewhere).await;
    assert_eq!(refusal(refused), ("not-found", None));
    let no_node = LogPlace {
        node_id: id(999),
        ..place(None, 10)
    };
    let refused = reader.run(&owner(), team(), &no_node).await;
    assert_eq!(refusal(refused), ("not-found", None));
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn many_who_follow_ask_once() {
    let (platform, asked) = platform("text");
    let reader = reading(platform, account());
    let (caller, place) = (owner(), place(Some(4), 10));
    let all = (0..20).map(|_| reader.run(&caller, team(), &place));
    let pieces = futures::future::join_all(all).await;
    assert!(pieces.into_iter().all(|piece| piece.is_ok()));
    assert_eq!(*asked.lock().unwrap(), [(4, 10)]);
}

#[tokio::test]
async fn without_a_good_account_nobody_is_asked() {
    let off = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    let reader = reading(MockHostingPlatform::default(), off);
    let refused = reader.run(&owner(), team(), &place(None, 10)).await;
    let expected = ("platform-account-needs-reauthentication", None);
    assert_eq!(refusal(refused), expected);
}
