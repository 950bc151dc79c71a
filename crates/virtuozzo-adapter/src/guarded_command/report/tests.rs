use super::{NodeReport, ReportError};
use domain::ids::{EntityId, StepAttemptId};
use domain::limits::COMMAND_OUTPUT_BYTES_MAX;
use domain::ports::CommandOutput;
use uuid::Uuid;

fn guard() -> StepAttemptId {
    StepAttemptId::from_uuid(Uuid::from_u128(7))
}

fn find(report: &str) -> Result<NodeReport, ReportError> {
    NodeReport::find(&format!("\nwindlass-guard {} {report}\n", guard()), guard())
}

#[test]
fn a_finished_command_is_read_with_its_streams() {
    let output = CommandOutput {
        exit_status: 3,
        output: "é\n".into(),
        error_output: String::new(),
    };
    let finished = Ok(NodeReport::Finished(output));
    assert_eq!(find("3 3:c3a90a 0: finished"), finished);
    let noisy = format!(
        "Welcome\r\nwindlass-guard {} 3 3:c3a90a 0: finished\r\nbye",
        guard()
    );
    assert_eq!(NodeReport::find(&noisy, guard()), finished);
}

#[test]
fn a_long_stream_is_cut_and_a_cut_character_is_replaced() {
    let kept = "c3".repeat(COMMAND_OUTPUT_BYTES_MAX);
    let Ok(NodeReport::Finished(output)) = find(&format!("0 900000:{kept} 1:c3 finished")) else {
        panic!("it is a report");
    };
    assert_eq!(output.error_output, "\u{fffd}");
    let one_less = "c3".repeat(COMMAND_OUTPUT_BYTES_MAX - 1);
    let report = format!("0 900000:{one_less} 0: finished");
    assert_eq!(find(&report), Err(ReportError::Malformed));
}

#[test]
fn the_other_reports_are_words() {
    assert_eq!(find("unfinished"), Ok(NodeReport::Unfinished));
    assert_eq!(find("not-begun"), Ok(NodeReport::NotBegun));
    assert_eq!(find("0 : : forgotten"), Ok(NodeReport::Forgotten));
    assert_eq!(find("0 2:6f6b : forgotten"), Ok(NodeReport::Forgotten));
}

#[test]
fn every_cut_of_a_report_is_no_report() {
    let whole = format!("windlass-guard {} 0 2:6f6b 1:21 finished", guard());
    assert!(NodeReport::find(&whole, guard()).is_ok());
    for length in 0..whole.len() {
        let cut = &whole[..length];
        assert!(NodeReport::find(cut, guard()).is_err(), "{cut}");
    }
}

#[test]
fn whatever_else_is_printed_is_no_report() {
    let odd = [
        "",
        "finished",
        "0 finished",
        " 0: 0: finished",
        "256 0: 0: finished",
        "-1 0: 0: finished",
        "+1 0: 0: finished",
        "0 1: 0: finished",
        "0 : 0: finished",
        "0 0:00 0: finished",
        "0 1:0 0: finished",
        "0 1:zz 0: finished",
        "0 1:+f 0: finished",
        "0 0:  0: finished",
        "0 0: 0: finished ",
        "0 0: 0: finished more",
        "unfinished unfinished",
    ];
    for report in odd {
        assert_eq!(find(report), Err(ReportError::Malformed), "{report}");
    }
    let other = StepAttemptId::from_uuid(Uuid::from_u128(8));
    let report = format!("windlass-guard {other} 0 0: 0: finished\n");
    assert_eq!(
        NodeReport::find(&report, guard()),
        Err(ReportError::NotOne),
        "another guard's"
    );
    let twice = report.repeat(2);
    assert_eq!(NodeReport::find(&twice, other), Err(ReportError::NotOne));
    assert_eq!(
        NodeReport::find(&format!("> {report}"), other),
        Err(ReportError::NotOne)
    );
}
