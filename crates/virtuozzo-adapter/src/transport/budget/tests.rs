use super::*;

#[test]
fn an_outage_is_amplified_by_a_tenth_at_most() {
    let budget = RetryBudget::default();
    let reads = 1_000_u32;
    let mut sent = 0;
    for _ in 0..reads {
        budget.deposit();
        sent += 1;
        for _ in 0..2 {
            sent += u32::from(budget.withdraw());
        }
    }
    println!("{sent} requests for {reads} failing reads");
    assert!(sent * 100 <= reads * 110, "{sent}");
    assert!(sent > reads, "some retries must go out");
}

#[test]
fn quiet_times_save_up_no_more_than_the_reserve() {
    let budget = RetryBudget::default();
    for _ in 0..10_000 {
        budget.deposit();
    }
    let retries = (0..100).filter(|_| budget.withdraw()).count();
    assert_eq!(retries, 5);
}
