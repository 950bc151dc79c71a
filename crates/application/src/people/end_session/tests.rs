use super::EndSession;
use crate::people::sample::{World, email, world};
use crate::sample::{id, user};
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::ids::UserSessionId;
use domain::people::User;
use domain::ports::Clock as _;

fn bert() -> User {
    User {
        id: id(77),
        email: email("bert@example.com"),
        ..user()
    }
}

async fn end(world: &World, person: &Person, session: UserSessionId) -> Option<ErrorCode> {
    let accounts = world.accounts.clone();
    let outcome = EndSession { accounts }.run(person, session).await;
    outcome.err().map(|error| error.code())
}

#[tokio::test]
async fn people_end_their_sessions_here_and_elsewhere() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    let elsewhere = world.signed_in(&user()).session.id;
    assert_eq!(end(&world, &person, elsewhere).await, None);
    assert_eq!(end(&world, &person, person.session.id).await, None);
    let book = world.book.read();
    assert!(book.sessions.iter().all(|it| it.ended_at.is_some()));
    assert_eq!(
        book.events(),
        ["session.end accepted", "session.end accepted"]
    );
}

#[tokio::test]
async fn the_session_of_somebody_else_is_not_there() {
    let world = world(vec![user(), bert()]);
    let person = world.signed_in(&user());
    let foreign = world.signed_in(&bert()).session.id;
    for session in [foreign, id(999)] {
        let outcome = end(&world, &person, session).await;
        assert_eq!(outcome, Some(ErrorCode::NotFound));
    }
    assert!(world.book.read().trail.is_empty());
}

#[tokio::test]
async fn a_session_that_has_ended_ends_no_other() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    let elsewhere = world.signed_in(&user()).session.id;
    let now = world.clock.now();
    world
        .book
        .change(|book| book.sessions[0].ended_at = Some(now));
    let outcome = end(&world, &person, elsewhere).await;
    assert_eq!(outcome, Some(ErrorCode::Unauthenticated));
}
