use super::*;
use crate::wire;

#[test]
fn domains_are_read_in_every_shape() {
    for json in [
        r#"{"extDomains":[{"id":1,"domain":"a.example.com","sslEnabled":true},{"domain":"b.example.com"}]}"#,
        r#"{"extDomains":{"0":{"domain":"a.example.com","sslEnabled":"true"},"1":"b.example.com"}}"#,
    ] {
        let list: DomainList = wire::read(json.as_bytes()).unwrap();
        let read: Vec<_> = list
            .domains
            .into_iter()
            .map(|element| {
                let fields = DomainFields::from(element);
                (fields.domain.unwrap(), fields.has_certificate)
            })
            .collect();
        let expected = [
            ("a.example.com".to_owned(), Some(true)),
            ("b.example.com".to_owned(), None),
        ];
        assert_eq!(read, expected, "{json}");
    }
}

#[test]
fn an_answer_without_a_list_proves_nothing() {
    for json in [r#"{"result":0}"#, r#"{"extDomains":[7]}"#] {
        assert!(wire::read::<DomainList>(json.as_bytes()).is_err(), "{json}");
    }
    for json in [r#"{"extDomains":null}"#, r#"{"extDomains":{}}"#] {
        let list: DomainList = wire::read(json.as_bytes()).unwrap();
        assert!(list.domains.is_empty(), "{json}");
    }
}
