use super::{addresses, is_ready, job_state, resident_kibibytes, with_goals};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;

#[test]
fn the_address_is_read_from_what_the_server_says() {
    let line =
        r#"{"message":"ready","url":"http://127.0.0.1:8080/","docs":"http://127.0.0.1:8080/docs"}"#;
    assert_eq!(addresses(line), ["127.0.0.1:8080", "127.0.0.1:8080"]);
    assert_eq!(addresses("listening on http://[::1]:80."), ["[::1]:80"]);
    assert!(addresses("no address here, not even http://example.com").is_empty());
}

#[test]
fn only_a_200_means_ready() {
    for (answer, expected) in [("200 OK", true), ("503 Service Unavailable", false)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 12];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(&request, b"GET /readyz ");
            stream
                .write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes())
                .unwrap();
        });
        assert_eq!(is_ready(&address), expected);
        server.join().unwrap();
        assert!(!is_ready(&address));
    }
}

#[test]
fn the_state_of_the_job_is_found_in_the_whole_output_or_its_last_line() {
    let whole = "{\n \"job\": { \"state\": \"succeeded\" }\n}\n";
    assert_eq!(job_state(whole).as_deref(), Some("succeeded"));
    let lines = "starting\n{\"job\":{\"state\":\"failed\"}}\n";
    assert_eq!(job_state(lines).as_deref(), Some("failed"));
    assert_eq!(job_state("succeeded"), None);
}

#[test]
fn memory_is_read_from_the_right_line() {
    assert_eq!(
        resident_kibibytes("VmPeak:\t 9 kB\nVmRSS:\t   18432 kB\n"),
        Some(18432)
    );
    assert_eq!(resident_kibibytes("VmPeak:\t 9 kB\n"), None);
}

#[test]
fn a_value_meets_its_goal_up_to_and_including_it() {
    let counts = with_goals(&[150, 25 * 1024 + 1, 1]);
    assert_eq!(counts["ready_milliseconds"]["is_met"], json!(true));
    assert_eq!(counts["idle_memory_kibibytes"]["is_met"], json!(false));
}
