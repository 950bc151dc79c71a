//! Texts that a shell, PHP or WP-CLI could take for something else. The same seed gives the same texts.

/// What has a meaning somewhere. Put together at random.
const FRAGMENTS: &[&str] = &[
    "'",
    "''",
    r"'\''",
    "\"",
    r#"\""#,
    "`",
    "`touch pwned`",
    "$(touch pwned)",
    "$((1+1))",
    "$",
    "$$",
    "$0",
    "$@",
    "$*",
    "$#",
    "$?",
    "$!",
    "$-",
    "$1",
    "$HOME",
    "${HOME}",
    "${IFS}",
    "$IFS$9",
    "${x:-y}",
    "${env.domain}",
    "$'\\n'",
    "$\"x\"",
    "!",
    "!!",
    "!-1",
    "!wp",
    "^a^b",
    "~",
    "~root",
    "~/",
    "*",
    "?",
    "[a-z]",
    "[!x]",
    "{a,b}",
    "{1..3}",
    "{}",
    ";",
    ";;",
    "&",
    "&&",
    "|",
    "||",
    "|&",
    "<",
    ">",
    ">>",
    ">pwned",
    "<(ls)",
    ">(ls)",
    "<<EOF",
    "<<<x",
    "2>&1",
    "&>pwned",
    "#",
    " # ",
    "\\",
    "\\\\",
    r"\n",
    r"\0",
    r"\x00",
    r"\u0000",
    r"\xff\xfe",
    "%s",
    "%n",
    "%d%d",
    "%25",
    "%00",
    "%0a",
    "+",
    "=",
    "a=b",
    " ",
    "  ",
    "(",
    ")",
    "((",
    "))",
    "[[",
    "]]",
    " if ",
    " done",
    " exec ",
    " eval ",
    " --exec=phpinfo()",
    " --require=/x.php",
    " --ssh=x",
    "--",
    " -- ",
    " -e ",
    "@all",
    "a:1:{s:3:\"x\";}",
    "http://old.example.com",
    "/../",
    ":",
    ",",
    "é",
    "日本語",
    "😀",
    "e\u{301}",
    "\u{202e}",
    "\u{feff}",
    "\u{a0}",
    "\u{2028}",
    "\u{fffd}",
    "\u{10ffff}",
];
/// Beginnings and middles that must be refused.
const REFUSED_BEGINNINGS: [&str; 5] = ["-", "--", "--exec=", "--path=/", "-h"];
const CONTROLS: [char; 7] = ['\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}'];

pub(super) struct HostileTexts {
    state: u64,
}

impl HostileTexts {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        }
    }

    pub(super) fn next(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(9) {
            match self.below(4) {
                0 => text.push(self.character()),
                1 => text.push_str("old.example.com"),
                _ => text.push_str(self.one_of(FRAGMENTS)),
            }
        }
        match self.below(40) {
            0 => text.insert_str(0, self.one_of(&REFUSED_BEGINNINGS)),
            1 => text.push(CONTROLS[self.below(CONTROLS.len())]),
            2 => text.insert_str(0, "   "),
            3 => text.push('\\'),
            4 => text.push_str("   "),
            5 => self.fill(&mut text, 1024),
            6 => self.fill(&mut text, 1025),
            _ => {}
        }
        text
    }

    /// Up to this many bytes exactly.
    fn fill(&mut self, text: &mut String, bytes: usize) {
        while text.len() < bytes {
            let fragment = self.one_of(FRAGMENTS);
            let fits = text.len() + fragment.len() <= bytes;
            text.push_str(if fits { fragment } else { "'" });
        }
    }

    /// Any character but control characters, ASCII half of the time.
    fn character(&mut self) -> char {
        loop {
            let most = if self.below(2) == 0 {
                0x7f
            } else {
                0x0011_0000
            };
            let number = u32::try_from(self.below(most)).unwrap();
            match char::from_u32(number) {
                Some(character) if !character.is_control() => return character,
                _ => {}
            }
        }
    }

    fn one_of(&mut self, choices: &[&'static str]) -> &'static str {
        choices[self.below(choices.len())]
    }

    /// A number below the bound; xorshift is random enough to mix fragments.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % bound
    }
}
