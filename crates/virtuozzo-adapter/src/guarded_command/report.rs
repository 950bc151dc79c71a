//! What the wrapper prints: one line that names the guard. Strict: a line that is cut, doubled or
//! otherwise odd is no report, so nothing is taken for done on its word.

use domain::ids::StepAttemptId;
use domain::limits::COMMAND_OUTPUT_BYTES_MAX;
use domain::ports::CommandOutput;

#[cfg(test)]
mod tests;

/// What a node says about a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeReport {
    /// The command ran once and left this.
    Finished(CommandOutput),
    /// The command was begun and has left no result.
    Unfinished,
    /// The command ran once; its result was removed meanwhile.
    Forgotten,
    /// The guard's folder cannot be made: this call did not begin the command.
    NotBegun,
}

/// Why what was printed is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// No line is about the guard, or more than one.
    #[error("the node did not print one report")]
    NotOne,
    /// The line is not as the wrapper writes it.
    #[error("the report of the node cannot be read")]
    Malformed,
}

impl NodeReport {
    /// Finds the report about the guard. What a login shell prints around it is passed over; the
    /// command itself cannot print one, because its output stands in the report as digits.
    pub fn find(printed: &str, guard: StepAttemptId) -> Result<Self, ReportError> {
        let head = format!("windlass-guard {guard} ");
        let mut reports = printed.lines().filter_map(|line| line.strip_prefix(&head));
        let (Some(report), None) = (reports.next(), reports.next()) else {
            return Err(ReportError::NotOne);
        };
        match report.split(' ').collect::<Vec<_>>().as_slice() {
            ["unfinished"] => Ok(Self::Unfinished),
            ["not-begun"] => Ok(Self::NotBegun),
            [_, _, _, "forgotten"] => Ok(Self::Forgotten),
            [status, output, error_output, "finished"] => {
                let read = || {
                    Some(CommandOutput {
                        exit_status: number(status).filter(|status| *status <= 255)?.into(),
                        output: stream(output)?,
                        error_output: stream(error_output)?,
                    })
                };
                read().map(Self::Finished).ok_or(ReportError::Malformed)
            }
            _ => Err(ReportError::Malformed),
        }
    }
}

/// `5:68656c6c6f`: how long the stream was, and what is kept of it. The length tells a stream that was
/// empty from one that could not be read.
fn stream(text: &str) -> Option<String> {
    let (length, digits) = text.split_once(':')?;
    let bytes = bytes(digits)?;
    let kept = COMMAND_OUTPUT_BYTES_MAX.min(number(length)? as usize);
    (bytes.len() == kept).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn number(text: &str) -> Option<u32> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(value(*high)? * 16 + value(*low)?).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}
