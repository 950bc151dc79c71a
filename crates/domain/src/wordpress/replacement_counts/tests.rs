use super::{ReplacementCounts, ReplacementCountsError, TableReplacements};

const FRAMED: &str = "\
+------------------+--------------+--------------+------+
| Table            | Column       | Replacements | Type |
+------------------+--------------+--------------+------+
| wp_options       | option_value | 2            | PHP  |
| wp_posts         | post_content | 40           | SQL  |
| wp_posts         | post_excerpt | 1            | SQL  |
+------------------+--------------+--------------+------+
Success: 43 replacements to be made.
";

const WITH_TABS: &str = "Table\tColumn\tReplacements\tType\n\
    wp_options\toption_value\t2\tPHP\n\
    wp_log\t\tskipped\t\n\
    wp_posts\tpost_content\t40\tSQL\n\
    wp_posts\tpost_excerpt\t1\tSQL\n\
    Success: Made 43 replacements. Please remember to flush your persistent object cache with `wp cache flush`.\n";

fn table(table: &str, count: u64) -> TableReplacements {
    TableReplacements {
        table: table.into(),
        count,
    }
}

#[test]
fn columns_add_up_to_their_table_in_both_drawings() {
    for report in [FRAMED, WITH_TABS, &WITH_TABS.replace('\n', "\r\n")] {
        let counts = ReplacementCounts::parse(report).expect(report);
        assert_eq!(counts.total(), 43);
        assert_eq!(
            counts.tables(),
            [table("wp_options", 2), table("wp_posts", 41)]
        );
    }
}

#[test]
fn a_bare_number_is_a_total_without_tables() {
    let counts = ReplacementCounts::parse("43\n").expect("a number");
    assert_eq!(counts.total(), 43);
    assert!(counts.tables().is_empty());
}

#[test]
fn nothing_to_replace_has_no_table() {
    let counts = ReplacementCounts::parse("Success: 0 replacements to be made.\n").expect("0");
    assert_eq!((counts.total(), counts.tables().len()), (0, 0));
    let one = "Table\tColumn\tReplacements\tType\nwp_posts\tpost_title\t1\tSQL\nSuccess: Made 1 replacement.";
    assert_eq!(ReplacementCounts::parse(one).expect("1").total(), 1);
}

#[test]
fn warnings_around_the_report_are_passed_over() {
    let report = format!("PHP Warning:  a\tb\tc\td in e.php\n{FRAMED}\nPHP Notice: 7");
    assert_eq!(ReplacementCounts::parse(&report).expect("read").total(), 43);
}

#[test]
fn a_report_that_was_cut_is_no_report() {
    let without_total = FRAMED.split("Success").next().expect("the table");
    let without_a_row = WITH_TABS.replace("wp_options\toption_value\t2\tPHP\n", "");
    let with_a_broken_row = WITH_TABS.replace("\t40\t", "\t4O\t");
    let beyond_counting = WITH_TABS.replace("\t40\t", "\t18446744073709551615\t");
    let cases = [
        (beyond_counting.as_str(), ReplacementCountsError::Row),
        (without_total, ReplacementCountsError::NoTotal),
        ("", ReplacementCountsError::NoTotal),
        (
            "Error: no database connection",
            ReplacementCountsError::NoTotal,
        ),
        (&without_a_row, ReplacementCountsError::Sum),
        (&with_a_broken_row, ReplacementCountsError::Row),
    ];
    for (report, error) in cases {
        assert_eq!(ReplacementCounts::parse(report), Err(error), "{report}");
    }
}
