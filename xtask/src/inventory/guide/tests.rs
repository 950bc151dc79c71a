use super::Guide;
use std::collections::BTreeSet;

#[test]
fn the_guide_has_fourteen_rows_with_twenty_two_names_at_thirteen_endpoints() {
    let guide = Guide::of_the_house().expect("the table is readable");
    assert_eq!(guide.rows.len(), 14);
    let names: Vec<&str> = guide
        .rows
        .iter()
        .flat_map(|row| row.sources.value.iter().map(|source| source.value.as_str()))
        .collect();
    assert_eq!(names.len(), 22);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 22);
    let paths: BTreeSet<&str> = guide.rows.iter().map(super::GuideRow::path).collect();
    assert_eq!(paths.len(), 13, "two rows are actions of one endpoint");
    assert!(names.iter().all(|name| name.split("::").count() == 2));
}

#[test]
fn nothing_of_an_empty_inventory_is_kept() {
    let guide = Guide::of_the_house().expect("the table is readable");
    let mut findings = Vec::new();
    let kept = guide.compare(&[], &mut findings);
    assert_eq!((kept.rows, kept.rows_of), (0, 14));
    assert_eq!((kept.names, kept.names_of), (0, 22));
    assert_eq!(findings.len(), 22);
}
