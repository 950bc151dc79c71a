use super::Generator;

#[test]
fn equal_seeds_give_equal_streams() {
    let mut left = Generator::new(42);
    let mut right = Generator::new(42);
    assert_eq!(left.hex(32), right.hex(32));
    assert_eq!(left.password(12), right.password(12));
}

#[test]
fn different_seeds_give_different_streams() {
    assert_ne!(Generator::new(1).hex(32), Generator::new(2).hex(32));
}

#[test]
fn lengths_are_exact() {
    let mut generator = Generator::new(7);
    assert_eq!(generator.hex(40).len(), 40);
    assert_eq!(generator.hex(3).len(), 3);
    assert_eq!(generator.password(18).len(), 18);
}
