//! The rows, sorted by code. Only codes with a public source are here.

use super::Actor::{Nobody, Operator, Owner, Requester};
use super::CodeClass::{
    Busy, CommandFailed, Container, Credentials, DomainBusy, General, Image, Invalid, Mount,
    NodeDown, NotFound, Package, Permission, Quota, Script, Session, Topology,
};
use super::Ran::{NotWhenOuter, Unknown};
use super::Retry::{AfterProbe, No, WhenSettled, WithNewSession};
use super::{Actor, CodeClass, CodeRow, Ran, Retry};

/// One line for one row keeps the table readable.
const fn row(
    code: i64,
    (class, ran, retry, actor): (CodeClass, Ran, Retry, Actor),
    meaning: &'static str,
    source: &'static str,
) -> CodeRow {
    CodeRow {
        code,
        class,
        ran,
        retry,
        actor,
        meaning,
        source,
    }
}

/// Every code with a public meaning, sorted.
pub const TABLE: &[CodeRow] = &[
    row(
        1,
        (General, Unknown, AfterProbe, Operator),
        "an operation failed without a reason",
        "release notes",
    ),
    row(
        3,
        (Invalid, NotWhenOuter, No, Operator),
        "a parameter is missing or wrong; the text names it",
        "recorded answers",
    ),
    row(
        5,
        (Invalid, Unknown, No, Operator),
        "an object or resource was not found by its parameters",
        "client library with tests",
    ),
    row(
        8,
        (Permission, NotWhenOuter, No, Owner),
        "access is not permitted",
        "release notes, public scripts",
    ),
    row(
        11,
        (NotFound, NotWhenOuter, No, Requester),
        "the environment does not exist; on a deletion: it is gone already",
        "recorded answers, add-ons, client tests",
    ),
    row(
        17,
        (General, Unknown, AfterProbe, Operator),
        "waiting for data timed out",
        "one public page",
    ),
    row(
        99,
        (General, Unknown, AfterProbe, Operator),
        "unknown error; add-ons use it for their own",
        "dashboard texts, add-ons",
    ),
    row(
        701,
        (Credentials, NotWhenOuter, No, Owner),
        "the login or the password is wrong",
        "recorded answers, dashboard texts",
    ),
    row(
        702,
        (Session, NotWhenOuter, WithNewSession, Nobody),
        "the session has expired, was signed out, or the token is unknown",
        "dashboard texts, add-on",
    ),
    row(
        703,
        (Credentials, Unknown, No, Owner),
        "the user does not exist",
        "dashboard texts",
    ),
    row(
        704,
        (Credentials, NotWhenOuter, No, Owner),
        "the user is blocked",
        "dashboard texts",
    ),
    row(
        707,
        (Credentials, Unknown, No, Owner),
        "the user does not exist or the password is mistyped",
        "dashboard texts",
    ),
    row(
        801,
        (Credentials, Unknown, No, Owner),
        "the confirmation password is wrong",
        "dashboard texts",
    ),
    row(
        901,
        (NotFound, Unknown, No, Requester),
        "the environment does not exist",
        "dashboard texts",
    ),
    row(
        904,
        (Quota, Unknown, No, Owner),
        "the most applications an account may have are reached",
        "dashboard texts",
    ),
    row(
        1702,
        (Script, Unknown, No, Operator),
        "the script behind the method does not exist",
        "recorded answers, add-ons",
    ),
    row(
        1704,
        (Script, Unknown, AfterProbe, Operator),
        "the script behind the method failed",
        "one public page",
    ),
    row(
        2002,
        (NotFound, Unknown, No, Requester),
        "there is no such file",
        "one public page",
    ),
    row(
        2030,
        (Mount, Unknown, No, Requester),
        "something is mounted there already",
        "dashboard texts",
    ),
    row(
        2031,
        (Mount, Unknown, AfterProbe, Operator),
        "mounting failed; the official backup add-on goes on after it",
        "add-on",
    ),
    row(
        2032,
        (Mount, Unknown, No, Requester),
        "cross mounts are forbidden",
        "dashboard texts",
    ),
    row(
        2050,
        (NotFound, Unknown, No, Requester),
        "the file does not exist",
        "dashboard texts",
    ),
    row(
        2207,
        (General, Unknown, AfterProbe, Operator),
        "the external billing failed",
        "client library with tests",
    ),
    row(
        2212,
        (Busy, NotWhenOuter, WhenSettled, Nobody),
        "the present status of the environment does not allow it",
        "recorded answer",
    ),
    row(
        2223,
        (General, Unknown, No, Owner),
        "the external billing rejected it",
        "client library with tests",
    ),
    row(
        2314,
        (Topology, Unknown, No, Requester),
        "the topology or the name is refused; the text is meant for people",
        "client library",
    ),
    row(
        2322,
        (NotFound, Unknown, No, Requester),
        "the external domain does not exist",
        "one public page",
    ),
    row(
        2330,
        (DomainBusy, Unknown, No, Requester),
        "the external domain is in use",
        "add-on",
    ),
    row(
        2338,
        (Quota, Unknown, No, Owner),
        "the configuration exceeds the limits of the account",
        "dashboard texts",
    ),
    row(
        2348,
        (Package, Unknown, AfterProbe, Operator),
        "a software package could not be installed",
        "dashboard texts",
    ),
    row(
        2360,
        (Quota, Unknown, No, Owner),
        "the quota of environments is used up",
        "dashboard texts",
    ),
    row(
        2361,
        (Quota, Unknown, No, Owner),
        "the quota of cloudlets per server is used up",
        "dashboard texts",
    ),
    row(
        2362,
        (Quota, Unknown, No, Owner),
        "high availability is not enabled for the account",
        "dashboard texts",
    ),
    row(
        2364,
        (Quota, Unknown, No, Owner),
        "VPS is not enabled for the account",
        "dashboard texts",
    ),
    row(
        2365,
        (Quota, Unknown, No, Owner),
        "the quota of servers per environment is used up",
        "dashboard texts",
    ),
    row(
        2366,
        (Quota, Unknown, No, Owner),
        "the quota of nodes per layer is used up",
        "dashboard texts",
    ),
    row(
        2369,
        (Quota, Unknown, No, Owner),
        "export is not available to the account",
        "dashboard texts",
    ),
    row(
        2372,
        (Quota, Unknown, No, Owner),
        "the node type is not available to the account",
        "dashboard texts",
    ),
    row(
        2373,
        (Quota, Unknown, No, Owner),
        "migration is not available to the account",
        "dashboard texts",
    ),
    row(
        2378,
        (Quota, Unknown, No, Owner),
        "endpoints are not available to the account",
        "dashboard texts",
    ),
    row(
        4060,
        (Container, Unknown, AfterProbe, Requester),
        "a deployment failed; the logs say why",
        "dashboard texts",
    ),
    row(
        4081,
        (Image, Unknown, No, Requester),
        "the image could not be run",
        "dashboard texts",
    ),
    row(
        4095,
        (Image, Unknown, No, Requester),
        "the registry refused the credentials for the image",
        "dashboard texts",
    ),
    row(
        4099,
        (Container, Unknown, AfterProbe, Operator),
        "an operation inside a container failed",
        "recorded answer",
    ),
    row(
        4109,
        (CommandFailed, Unknown, No, Requester),
        "a command exited with an error",
        "add-ons",
    ),
    row(
        4110,
        (NodeDown, Unknown, AfterProbe, Requester),
        "the node does not run",
        "add-on",
    ),
    row(
        5000,
        (Invalid, Unknown, No, Operator),
        "a number is out of range",
        "one public page",
    ),
    row(
        8202,
        (Permission, NotWhenOuter, No, Owner),
        "the token or role lacks the permission for the method",
        "client library with tests",
    ),
    row(
        11_022,
        (Package, Unknown, No, Operator),
        "the manifest names a node that does not exist",
        "official manifest documentation",
    ),
    row(
        11_039,
        (Package, Unknown, No, Nobody),
        "an action of the manifest returned a text: not an error for an installation",
        "official manifest documentation",
    ),
    row(
        11_041,
        (Package, Unknown, No, Operator),
        "the manifest could not be initialised",
        "official manifest documentation",
    ),
    row(
        11_042,
        (Package, Unknown, AfterProbe, Operator),
        "a mixin of the manifest could not be loaded",
        "official manifest documentation",
    ),
    row(
        12_001,
        (Package, Unknown, No, Requester),
        "certificate add-on: the domain does not point here",
        "add-on",
    ),
    row(
        12_002,
        (Package, Unknown, AfterProbe, Requester),
        "certificate add-on: the rate limit of the issuer",
        "add-on",
    ),
];
