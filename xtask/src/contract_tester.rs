//! Schemathesis, which knows the API only by its description and asks everything that this allows. The test
//! `contract::` runs it; this makes sure that it is there.

use crate::python::Python;
use crate::task_error::TaskError;
use crate::workspace;
use std::process::Command;

/// The crate whose tests run it.
pub(crate) const PACKAGE: &str = "server";

/// Tells the test where the program is.
const VARIABLE: &str = "WINDLASS_TEST_SCHEMATHESIS";

/// Installs it where it is missing, and tells a run of tests where it is.
pub(crate) fn install_for(tests: &mut Command) -> Result<(), TaskError> {
    let requirements = workspace::root().join("xtask/contract/requirements.txt");
    let python = Python::prepare("contract", &requirements)?;
    tests.env(VARIABLE, python.script("schemathesis"));
    Ok(())
}
