//! The rows, sorted by code. Only codes with a public source are here.

use super::{Actor, CodeClass, CodeRow, Ran, Retry};

macro_rules! rows {
    ($($code:literal = $class:ident, $ran:ident, $retry:ident, $actor:ident, $meaning:literal, $source:literal;)*) => {
        /// Every code with a public meaning, sorted.
        pub const TABLE: &[CodeRow] = &[$(CodeRow {
            code: $code,
            class: CodeClass::$class,
            ran: Ran::$ran,
            retry: Retry::$retry,
            actor: Actor::$actor,
            meaning: $meaning,
            source: $source,
        },)*];
    };
}

rows! {
    1 = General, Unknown, AfterProbe, Operator, "an operation failed without a reason", "release notes";
    3 = Invalid, NotWhenOuter, No, Operator, "a parameter is missing or wrong; the text names it", "recorded answers";
    5 = Invalid, Unknown, No, Operator, "an object or resource was not found by its parameters", "client library with tests";
    8 = Permission, NotWhenOuter, No, Owner, "access is not permitted", "release notes, public scripts";
    11 = NotFound, NotWhenOuter, No, Requester, "the environment does not exist; on a deletion: it is gone already", "recorded answers, add-ons, client tests";
    17 = General, Unknown, AfterProbe, Operator, "waiting for data timed out", "one public page";
    96 = Package, Unknown, AfterProbe, Operator, "add-ons: the environments could not be listed; private to the database add-on", "add-on";
    97 = Package, Unknown, AfterProbe, Operator, "add-ons: the database failed; private to the database add-on", "add-on";
    98 = Package, Unknown, AfterProbe, Operator, "add-ons: the cluster failed; private to the database add-on", "add-on";
    99 = General, Unknown, AfterProbe, Operator, "unknown error; add-ons use it for their own", "dashboard texts, add-ons";
    501 = Invalid, Unknown, No, Owner, "the e-mail address is malformed", "dashboard texts";
    502 = Invalid, Unknown, No, Owner, "the e-mail address is registered already; the dashboard also shows it for a gateway that gave up, which is never an answer of the platform", "dashboard texts, public error reports";
    503 = Invalid, Unknown, No, Owner, "the e-mail address is unknown", "dashboard texts";
    504 = Invalid, Unknown, No, Owner, "the password holds characters that are not allowed; the dashboard also shows it for a gateway that gave up, which is never an answer of the platform", "dashboard texts, public error reports";
    505 = Invalid, Unknown, No, Owner, "the activation key is wrong or was used", "dashboard texts";
    506 = Invalid, Unknown, No, Owner, "the e-mail address is not registered with the provider", "dashboard texts";
    601 = General, Unknown, AfterProbe, Operator, "a mail could not be sent", "dashboard texts";
    701 = Credentials, NotWhenOuter, No, Owner, "the login or the password is wrong", "recorded answers, dashboard texts";
    702 = Session, NotWhenOuter, WithNewSession, Nobody, "the session has expired, was signed out, or the token is unknown", "dashboard texts, add-on";
    703 = Credentials, Unknown, No, Owner, "the user does not exist", "dashboard texts";
    704 = Credentials, NotWhenOuter, No, Owner, "the user is blocked", "dashboard texts";
    707 = Credentials, Unknown, No, Owner, "the user does not exist or the password is mistyped", "dashboard texts";
    801 = Credentials, Unknown, No, Owner, "the confirmation password is wrong", "dashboard texts";
    901 = NotFound, Unknown, No, Requester, "the environment does not exist", "dashboard texts";
    904 = Quota, Unknown, No, Owner, "the most applications an account may have are reached", "dashboard texts";
    1001 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1002 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1003 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1008 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1009 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1203 = Invalid, Unknown, No, Operator, "a value of the wrong type for the data store", "dashboard texts";
    1702 = Script, Unknown, No, Operator, "the script behind the method does not exist", "recorded answers, add-ons";
    1704 = Script, Unknown, AfterProbe, Operator, "the script behind the method failed", "one public page";
    1708 = Script, Unknown, No, Operator, "the script uses an annotation that is not supported", "dashboard texts";
    2002 = NotFound, Unknown, No, Requester, "there is no such file", "one public page";
    2007 = Invalid, Unknown, No, Requester, "a file name holds a character that is not allowed", "dashboard texts";
    2030 = Mount, Unknown, No, Requester, "something is mounted there already", "dashboard texts";
    2031 = Mount, Unknown, AfterProbe, Operator, "mounting failed; the official backup add-on goes on after it", "add-on";
    2032 = Mount, Unknown, No, Requester, "cross mounts are forbidden", "dashboard texts";
    2050 = NotFound, Unknown, No, Requester, "the file does not exist", "dashboard texts";
    2207 = General, Unknown, AfterProbe, Operator, "the external billing failed", "client library with tests";
    2212 = Busy, NotWhenOuter, WhenSettled, Nobody, "the present status of the environment does not allow it", "recorded answer";
    2223 = General, Unknown, No, Owner, "the external billing rejected it", "client library with tests";
    2313 = NotFound, Unknown, No, Requester, "what should be removed is not deployed [inferred]; the official add-on goes on after it", "add-on";
    2314 = Topology, Unknown, No, Requester, "the topology or the name is refused; the text is meant for people", "client library";
    2322 = NotFound, Unknown, No, Requester, "the external domain does not exist", "one public page";
    2330 = DomainBusy, Unknown, No, Requester, "the external domain is in use", "add-on";
    2333 = Invalid, Unknown, No, Requester, "two paths differ that must be the same", "one public page";
    2338 = Quota, Unknown, No, Owner, "the configuration exceeds the limits of the account", "dashboard texts";
    2348 = Package, Unknown, AfterProbe, Operator, "a software package could not be installed", "dashboard texts";
    2360 = Quota, Unknown, No, Owner, "the quota of environments is used up", "dashboard texts";
    2361 = Quota, Unknown, No, Owner, "the quota of cloudlets per server is used up", "dashboard texts";
    2362 = Quota, Unknown, No, Owner, "high availability is not enabled for the account", "dashboard texts";
    2364 = Quota, Unknown, No, Owner, "VPS is not enabled for the account", "dashboard texts";
    2365 = Quota, Unknown, No, Owner, "the quota of servers per environment is used up", "dashboard texts";
    2366 = Quota, Unknown, No, Owner, "the quota of nodes per layer is used up", "dashboard texts";
    2369 = Quota, Unknown, No, Owner, "export is not available to the account", "dashboard texts";
    2372 = Quota, Unknown, No, Owner, "the node type is not available to the account", "dashboard texts";
    2373 = Quota, Unknown, No, Owner, "migration is not available to the account", "dashboard texts";
    2378 = Quota, Unknown, No, Owner, "endpoints are not available to the account", "dashboard texts";
    2500 = NotFound, Unknown, No, Requester, "the project of a version control system does not exist", "add-on";
    4060 = Container, Unknown, AfterProbe, Requester, "a deployment failed; the logs say why", "dashboard texts";
    4071 = Invalid, Unknown, No, Requester, "the archive is damaged", "dashboard texts";
    4072 = Invalid, Unknown, No, Requester, "the archive is empty", "dashboard texts";
    4078 = General, Unknown, AfterProbe, Requester, "the archive could not be fetched from its URL", "dashboard texts";
    4081 = Image, Unknown, No, Requester, "the image could not be run", "dashboard texts";
    4095 = Image, Unknown, No, Requester, "the registry refused the credentials for the image", "dashboard texts";
    4099 = Container, Unknown, AfterProbe, Operator, "an operation inside a container failed", "recorded answer";
    4109 = CommandFailed, Unknown, No, Requester, "a command exited with an error", "add-ons";
    4110 = NodeDown, Unknown, AfterProbe, Requester, "the node does not run", "add-on";
    5000 = Invalid, Unknown, No, Operator, "a number is out of range", "one public page";
    6000 = Invalid, Unknown, No, Owner, "the SSH key is not valid", "dashboard texts";
    6001 = Invalid, Unknown, No, Owner, "the SSH key exists already", "dashboard texts";
    6002 = Invalid, Unknown, No, Owner, "an SSH key of that title exists already", "dashboard texts";
    8202 = Permission, NotWhenOuter, No, Owner, "the token or role lacks the permission for the method", "client library with tests";
    10_001 = Permission, Unknown, No, Owner, "for beta users and administrators only", "dashboard texts";
    11_022 = Package, Unknown, No, Operator, "the manifest names a node that does not exist", "official manifest documentation";
    11_039 = Package, Unknown, No, Nobody, "an action of the manifest returned a text: not an error for an installation", "official manifest documentation";
    11_041 = Package, Unknown, No, Operator, "the manifest could not be initialised", "official manifest documentation";
    11_042 = Package, Unknown, AfterProbe, Operator, "a mixin of the manifest could not be loaded", "official manifest documentation";
    12_001 = Package, Unknown, No, Requester, "certificate add-on: the domain does not point here", "add-on";
    12_002 = Package, Unknown, AfterProbe, Requester, "certificate add-on: the rate limit of the issuer", "add-on";
    12_005 = Package, Unknown, AfterProbe, Requester, "certificate add-on: the folder of the site is not usable", "add-on";
    12_006 = Package, Unknown, AfterProbe, Operator, "certificate add-on: the certificate could not be put in place", "add-on";
    12_007 = Package, Unknown, AfterProbe, Operator, "certificate add-on: reading the answer of the issuer took too long", "add-on";
    12_008 = Package, Unknown, No, Requester, "certificate add-on: the domain has no valid address", "add-on";
    13_001 = Package, Unknown, AfterProbe, Operator, "site package: a parameter is wrong, or its command failed", "add-on";
}
