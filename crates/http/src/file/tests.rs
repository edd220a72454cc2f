//! What is said of a file: its name and its digest. How it is served is tested where it is served.

use super::*;

#[test]
fn a_file_is_saved_under_its_name() {
    assert_eq!(disposition("1_7_form_export.zip"), r#"attachment; filename="1_7_form_export.zip""#);
    assert_eq!(
        disposition("a\"b\r\nX: y/é.zip"),
        r#"attachment; filename="a_b__X_ y__.zip"; filename*=UTF-8''a%22b%0D%0AX%3A%20y%2F%C3%A9.zip"#
    );
}

#[test]
fn a_digest_is_spelled_in_base64() {
    // The digest of nothing, and its spelling in RFC 9530.
    let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(digest(hex).unwrap(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(digest("no hex"), None);
    assert_eq!(digest("éé"), None);
}
