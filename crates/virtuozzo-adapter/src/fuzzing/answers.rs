//! Answers to decode: samples of every shape with made-up values, and what changes make of them.

use super::Noise;

/// Answers of the shapes that public sources show.
pub const SAMPLES: &[&str] = &[
    r#"{"result":0,"debug":{"cpu":{"usage":"4","time":11},"time":58}}"#,
    r#"{"result":11,"source":"hx-core","error":"application [shop] not exist"}"#,
    r#"{"result":0,"debug":{"time":203},"response":{"result":2212,"responses":[],"source":"JEL","error":"Not allowed [ENV_STATUS_TYPE_SLEEP]"}}"#,
    r#"{"result":1702,"response":null,"source":"hx-core","error":"script = x not found"}"#,
    r#"{"result":4109,"error":"failed","responses":[{"result":4109,"nodeid":1,"exitStatus":2,"out":"","errOut":"no"}]}"#,
    r#"{"result":0,"response":{"result":0,"response":{"result":99,"message":"deep","type":"error"}}}"#,
    r#"{"result":0,"uid":4127,"session":"101fx0123","email":"ops@example.com","authType":"TFA","requiredAuthCheck":{"isActive":true,"type":"TOTP"}}"#,
    r#"{"result":0,"env":{"envName":"shop","appid":"a1","status":1,"displayName":"wdl:x","domain":"shop.example.com","extdomains":["www.example.com"]},"envGroups":["clients","clients/a"],"nodes":[{"id":10231,"nodeGroup":"cp","nodeType":"nginxphp","ismaster":true,"status":1,"fixedCloudlets":1,"flexibleCloudlets":8,"version":"8.3","password":"x"}]}"#,
    r#"{"result":0,"infos":[{"env":{"envName":"shop","appid":"a1","status":"1"},"nodes":{"0":{"id":"1","nodemission":"sqldb"}}},{"env":{"shortdomain":"other","appid":"a2","status":6}}]}"#,
    r#"{"result":0,"response":{"result":0,"env":{"envName":"shop","appid":"a1"},"nodes":[{"id":1,"nodeGroup":"cp","password":"p"}]}}"#,
    r#"{"result":0,"response":{"apps":[{"uniqueName":"u1","envName":"shop","isInstalled":true},{"appUniqueName":"u2"}]}}"#,
    r#"{"result":0,"uniqueName":"u1","appid":"a1","successText":"<b>Ready</b>","startPage":"https://shop.example.com/","response":{"uniqueName":"u2"}}"#,
    r#"{"result":0,"total":2,"apps":[{"app_id":"sftp","isInstalled":false},{"id":7}]}"#,
    r#"{"result":0,"array":[{"quota":{"name":"environment.maxcount"},"value":10},{"quota":null,"value":"none"}]}"#,
    r#"{"result":0,"object":[{"name":"cp","displayName":"Web"},{"name":"sqldb"}],"objects":[]}"#,
    r#"{"result":0,"array":[{"env":"shop","requestUniqueKey":"018f0000-0000-7000-8000-000000000001","resultCode":0,"startDate":"2026-01-01 10:00:00","endDate":1767225600000}]}"#,
    r#"{"result":0,"extDomains":["www.example.com",{"domain":"shop.example.com","sslEnabled":"true"},{"id":3}]}"#,
    r#"{"result":0,"keywords":{"nginx":[{"absolutePath":"/var/log/nginx/error.log","length":"123","isDir":false}],"sys":{"0":{"absolutePath":"/var/log/syslog"}}}}"#,
    r#"{"result":0,"body":"a line\nanother \u00e9"}"#,
    r#"{"result":0,"array":[{"path":"/var/www","sourcePath":"/data","sourceNodeId":"17","readOnly":"false"},{"path":"/x"}]}"#,
    r#"{"result":0,"object":{"PATH":"/bin","DEBUG":true,"PORT":80,"RATE":0.5,"EMPTY":"","NONE":null}}"#,
    r#"{"result":0,"array":[{"displayName":"Europe","domain":"eu1.example.com","hardNodeGroups":[{"uniqueName":"eu1","isEnabled":true},{"uniqueName":"eu2","isEnabled":"0"}]}]}"#,
    r#"{"result":0,"array":[{"nodeType":"nginxphp","nodeMission":"cp","name":"NGINX","enabled":true,"published":true,"tags":["8.3",{"name":"8.2","isDefault":true}]}]}"#,
    r#"{"result":0,"stats":[{"duration":3600,"cpu":"1.5","mem":2,"disk":3e2,"netInExt":9007199254740993,"netOutExt":null}]}"#,
    r#"{"result":0,"token":{"id":7,"key":"0123456789abcdef","description":"windlass"}}"#,
    r#"{"result":0,"status":1,"groupType":"BILLING","balance":"10.5"}"#,
    r#"{"result":7,"type":"success","message":"ready","data":{"a":[1,2.5,-3e9,true,null,"\u00e9\ud83d\ude00"]}}"#,
    r#"{"result":11039,"response":"some text","type":"info"}"#,
];

/// Values that decoders stumble over.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "0.0",
    "1e400",
    "-0",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1.5",
    "\"\"",
    "\"0\"",
    "\" 7 \"",
    "\"true\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "[{}]",
    "{\"0\":{}}",
    "{\"result\":3}",
    "{\"result\":\"x\",\"response\":[]}",
    "[{\"result\":0},{\"result\":4110}]",
];

/// Bytes that mean something to a parser.
const TELLING: &[u8] = b"{}[]\",:\\0e-.\x00\x7f\xff\xc3n";

/// An answer that nobody has seen: a sample after a few changes that mostly keep it JSON.
pub fn mutated(noise: &mut Noise) -> Vec<u8> {
    let mut answer = noise.pick(SAMPLES).as_bytes().to_vec();
    for _ in 0..=noise.below(5) {
        match noise.below(10) {
            0..=3 => put_value(&mut answer, noise),
            4 => put_sample(&mut answer, noise),
            5 => repeat_member(&mut answer, noise),
            6 => wrap(&mut answer, noise),
            7 => put_byte(&mut answer, noise),
            8 => remove_piece(&mut answer, noise),
            _ => swap_name(&mut answer, noise),
        }
    }
    answer
}

/// Where a value begins and ends: after a colon, up to what closes it. Only nearly right, which is
/// what is wanted.
fn some_value(answer: &[u8], noise: &mut Noise) -> Option<(usize, usize)> {
    let colons: Vec<usize> = positions(answer, b':');
    let start = *colons.get(noise.below(colons.len().max(1)))? + 1;
    let mut depth = 0_usize;
    let mut is_in_text = false;
    for (offset, byte) in answer[start..].iter().enumerate() {
        match byte {
            b'"' => is_in_text = !is_in_text,
            _ if is_in_text => {}
            b'{' | b'[' => depth += 1,
            b',' | b'}' | b']' if depth == 0 => return Some((start, start + offset)),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn positions(answer: &[u8], wanted: u8) -> Vec<usize> {
    let found = answer
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == wanted);
    found.map(|(position, _)| position).collect()
}

fn put_value(answer: &mut Vec<u8>, noise: &mut Noise) {
    if let Some((start, end)) = some_value(answer, noise) {
        answer.splice(start..end, noise.pick(VALUES).bytes());
    }
}

fn put_sample(answer: &mut Vec<u8>, noise: &mut Noise) {
    if let Some((start, end)) = some_value(answer, noise) {
        answer.splice(start..end, noise.pick(SAMPLES).bytes());
    }
}

/// A member that stands twice, or a list that is longer.
fn repeat_member(answer: &mut Vec<u8>, noise: &mut Noise) {
    let commas = positions(answer, b',');
    if commas.len() > 1 {
        let first = noise.below(commas.len() - 1);
        let piece = answer[commas[first]..commas[first + 1]].to_vec();
        let position = commas[noise.below(commas.len())];
        answer.splice(position..position, piece);
    }
}

fn wrap(answer: &mut Vec<u8>, noise: &mut Noise) {
    const AROUND: &[&str] = &[
        "{\"result\":0,\"response\":",
        "{\"responses\":[",
        "[",
        "{\"infos\":",
    ];
    let opening = noise.pick(AROUND);
    let closing: Vec<u8> = opening
        .bytes()
        .rev()
        .filter_map(|byte| match byte {
            b'{' => Some(b'}'),
            b'[' => Some(b']'),
            _ => None,
        })
        .collect();
    answer.splice(0..0, opening.bytes());
    answer.extend(closing);
}

fn put_byte(answer: &mut Vec<u8>, noise: &mut Noise) {
    let byte = TELLING[noise.below(TELLING.len())];
    let position = noise.below(answer.len() + 1);
    if noise.below(2) == 0 {
        answer.insert(position, byte);
    } else if let Some(old) = answer.get_mut(position) {
        *old = byte;
    }
}

fn remove_piece(answer: &mut Vec<u8>, noise: &mut Noise) {
    let start = noise.below(answer.len().max(1));
    let end = answer.len().min(start + 1 + noise.below(20));
    answer.drain(start.min(end)..end);
}

/// Gives a member the name of another one, of this answer or of a different one.
fn swap_name(answer: &mut Vec<u8>, noise: &mut Noise) {
    const NAMES: &[&str] = &[
        "result",
        "response",
        "responses",
        "error",
        "type",
        "message",
        "array",
        "object",
        "objects",
        "infos",
        "apps",
        "env",
        "nodes",
        "session",
        "uid",
    ];
    let ends: Vec<usize> = positions(answer, b':');
    let Some(end) = ends.get(noise.below(ends.len().max(1))) else {
        return;
    };
    let name = format!("\"{}\"", noise.pick(NAMES));
    let before = &answer[..end.saturating_sub(1)];
    if let Some(start) = before.iter().rposition(|byte| *byte == b'"') {
        answer.splice(start..*end, name.bytes());
    }
}
