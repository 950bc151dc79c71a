use super::with_chapter;

const PAGE: &str = "above\n<!-- printed by the server: begin -->\nold\n<!-- printed by the server: end -->\nbelow\n";

#[test]
fn what_is_written_by_hand_stays_around_the_printed_chapter() {
    let page = with_chapter(PAGE, "new\n").unwrap();
    assert!(page.starts_with("above\n") && page.ends_with("below\n"));
    assert!(page.contains("\n\nnew\n\n") && !page.contains("old"));
    assert_eq!(with_chapter(&page, "new\n").as_ref(), Some(&page));
}

#[test]
fn a_page_without_the_marks_is_refused() {
    assert_eq!(with_chapter("above\nbelow\n", "new\n"), None);
}
