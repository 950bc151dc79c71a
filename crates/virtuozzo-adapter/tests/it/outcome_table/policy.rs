//! What must be said about each answer: written from the rules, not from the code.
//!
//! Nothing ran: it never left, or one of eight codes stands alone in the outermost envelope. Anything
//! else that is no success is in doubt when the call changes something, and is no answer or a refusal
//! when it does not.

use super::drivers::{Driver, Kind, Seen};
use super::faults::{Fault, Place};
use domain::ports::RefusalClass;

/// How a cell must end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) seen: Seen,
    pub(super) requests: usize,
    pub(super) renewals: usize,
}

/// Outer codes that say that nothing ran.
const NOTHING_RAN: [i64; 8] = [3, 8, 11, 701, 702, 704, 2212, 8202];
/// Outer codes that doubt who we are.
const ABOUT_US: [i64; 3] = [701, 702, 704];
/// What an action of a manifest gets that returned a text.
const RETURNED_TEXT: i64 = 11_039;

const CLASSES: [(RefusalClass, &[i64]); 16] = [
    (RefusalClass::NotFound, &[11, 901]),
    (RefusalClass::Session, &[702]),
    (RefusalClass::Credentials, &[701, 703, 704, 801]),
    (RefusalClass::Permission, &[8, 8202]),
    (RefusalClass::Busy, &[2212]),
    (RefusalClass::Quota, &[904, 2338, 2363]),
    (RefusalClass::Invalid, &[3, 5, 5000]),
    (RefusalClass::CommandFailed, &[4109]),
    (RefusalClass::NodeDown, &[4110]),
    (RefusalClass::DomainBusy, &[2330]),
    (RefusalClass::Script, &[1702]),
    (RefusalClass::Mount, &[2030, 2031]),
    (RefusalClass::Image, &[4081, 4095]),
    (RefusalClass::Container, &[4060, 4099]),
    (RefusalClass::Topology, &[2314]),
    (RefusalClass::Package, &[11_022, 11_039, 11_041, 11_042]),
];

fn class_of(code: i64) -> RefusalClass {
    let row = CLASSES.iter().find(|(_, codes)| codes.contains(&code));
    row.map_or(RefusalClass::Other, |(class, _)| *class)
}

/// How the call must end under the fault.
pub(super) fn expected(driver: &Driver, fault: Fault) -> Expected {
    let seen = match fault {
        Fault::Nothing => Seen::Done,
        Fault::Code(code, place) => return after_code(driver, code, place),
        Fault::WindowClosed if driver.kind.changes_something() => Seen::WindowClosed,
        Fault::NoConnection if driver.kind.changes_something() => Seen::NotSent,
        _ if driver.kind.changes_something() => Seen::InDoubt(None),
        _ => Seen::Unavailable,
    };
    let never_arrives = matches!(fault, Fault::WindowClosed | Fault::NoConnection);
    Expected {
        seen,
        requests: usize::from(!never_arrives),
        renewals: 0,
    }
}

fn after_code(driver: &Driver, code: i64, place: Place) -> Expected {
    let is_alone = matches!(place, Place::Bare | Place::BareText);
    let is_renewed = is_alone
        && match driver.kind {
            Kind::Credential => false,
            // There it may speak about the confirmation.
            Kind::Deletion => code != 701 && ABOUT_US.contains(&code),
            Kind::Read | Kind::Mutation | Kind::Installation => ABOUT_US.contains(&code),
        };
    let is_done = driver.answers.contains(&code)
        || (driver.kind == Kind::Deletion && is_alone && code == 11)
        || (driver.kind == Kind::Installation && code == RETURNED_TEXT);
    let class = class_of(code);
    let seen = match driver.kind {
        _ if is_done => Seen::Done,
        // The platform was in trouble itself, which says nothing about the credential.
        Kind::Credential if [1, 17, 99, 1702].contains(&code) => Seen::Unavailable,
        Kind::Credential => Seen::SignInRefused(code),
        Kind::Read => Seen::Refused(code, class),
        _ if is_alone && NOTHING_RAN.contains(&code) => Seen::Refused(code, class),
        _ => Seen::InDoubt(Some((code, class))),
    };
    Expected {
        seen,
        requests: 1 + usize::from(is_renewed),
        renewals: usize::from(is_renewed),
    }
}
