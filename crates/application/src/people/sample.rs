//! A book of people for the tests of this area: transactions work on a copy of it, and only a commit
//! writes the copy back. Passwords are stored as they are, and hashing is counted.

mod book;
mod ports;

pub(super) use book::BookOfPeople;
pub(super) use ports::{CODE, Mailbox, Passwords, Tokens};

use super::accounts::Accounts;
use crate::sample::{CountingIds, HandClock, beginning, custody, team_key, user};
use crate::{AccountPolicy, Registration};
use domain::SecretText;
use domain::access::Person;
use domain::names::{EmailAddress, PersonName};
use domain::people::{
    EmailLinkPurpose, NewPassword, OneTimeCode, SecondFactor, User, UserSession, UserState,
};
use std::sync::Arc;
use std::time::Duration;

/// The password of the sample person.
pub(super) const PASSWORD: &str = "a long enough password";

/// The ports of the use cases about people, and what tests look at.
pub(super) struct World {
    pub(super) book: BookOfPeople,
    pub(super) passwords: Arc<Passwords>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) clock: Arc<HandClock>,
    pub(super) accounts: Accounts,
}

/// A world in which these people are known.
pub(super) fn world(users: Vec<User>) -> World {
    let book = BookOfPeople::new(users);
    let passwords = Arc::new(Passwords::default());
    let mailbox = Arc::new(Mailbox::default());
    let clock = Arc::new(HandClock::default());
    World {
        accounts: Accounts {
            unit_of_work: Arc::new(book.clone()),
            token_hasher: Arc::new(Tokens::default()),
            password_hasher: passwords.clone(),
            one_time_passwords: Arc::new(ports::codes()),
            custody: custody(),
            mailer: mailbox.clone(),
            ids: Arc::new(CountingIds::default()),
            clock: clock.clone(),
        },
        book,
        passwords,
        mailbox,
        clock,
    }
}

impl World {
    /// The person, signed in just now.
    pub(super) fn signed_in(&self, user: &User) -> Person {
        let (session, _) = (self.accounts)
            .new_session(user.id, &crate::sample::origin())
            .unwrap();
        self.keep(&session);
        Person {
            user: user.clone(),
            session,
            origin: crate::sample::origin(),
        }
    }

    /// The token of a link that was mailed to the person just now.
    pub(super) fn link(&self, user: &User, purpose: EmailLinkPurpose) -> SecretText {
        let (link, token) = self.accounts.new_link(user.id, purpose).unwrap();
        self.book.change(|book| book.links.push(link));
        token
    }

    fn keep(&self, session: &UserSession) {
        let session = session.clone();
        self.book.change(|book| book.sessions.push(session));
    }
}

pub(super) fn unverified() -> User {
    User {
        state: UserState::Unverified,
        ..user()
    }
}

pub(super) fn disabled() -> User {
    User {
        state: UserState::Disabled,
        ..user()
    }
}

/// The person with a confirmed second factor.
pub(super) fn guarded() -> User {
    let secret = secret("SECRET");
    let sealed = custody().seal_second_factor(&team_key(), user().id, &secret);
    User {
        second_factor: Some(SecondFactor {
            sealed_secret: sealed.unwrap(),
            confirmed_at: Some(beginning()),
            last_step: 0,
        }),
        ..user()
    }
}

pub(super) fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

pub(super) fn new_password(text: &str) -> NewPassword {
    NewPassword::parse(secret(text)).ok().unwrap()
}

pub(super) fn code(text: &str) -> OneTimeCode {
    OneTimeCode::parse(&secret(text)).ok().unwrap()
}

pub(super) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(super) fn name() -> PersonName {
    PersonName::parse("Anna").unwrap()
}

pub(super) fn policy() -> AccountPolicy {
    AccountPolicy {
        registration: Registration::Open,
        second_factor_for_owners: true,
        session_idle: Duration::from_hours(1),
    }
}
