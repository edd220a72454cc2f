//! Where a form's page is, and what puts it into another page.
//!
//! Must not know: what is on it.

use fillhouse_model::Form;

/// A form's address, and the HTML that shows it elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    /// The address of its page.
    pub(crate) link: String,
    /// What others put into their pages.
    pub(crate) embed_code: String,
}

impl Published {
    /// Of a form in an account's directory, on the server at this address.
    pub(crate) fn of(public_url: &str, user_dir: &str, form: &Form) -> Self {
        // Both directories are made of characters that stand for themselves in an address and in HTML.
        let link = format!("{public_url}/f/{user_dir}/{}", form.directory);
        // The script gives the frame the height that the form has.
        let embed_code = format!(
            "<iframe src=\"{link}?embed=1\" title=\"{}\" width=\"100%\" height=\"600\" style=\"border: 0\"></iframe>\
             <script src=\"{public_url}/assets/embed.js\" async></script>",
            escaped(&form.name),
        );
        Self { link, embed_code }
    }
}

/// A text as the value of an attribute in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
