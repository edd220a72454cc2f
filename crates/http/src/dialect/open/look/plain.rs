//! Text out of what clients write as HTML.
//!
//! Guarantees: every text stands in what comes out, and where a link leads to; of what makes up a page, nothing does.
//!
//! Must not know: where it is shown. What comes out is text, and no HTML: whoever shows it escapes it.

/// What ends a line, and begins the next one.
const LINES: [&str; 19] = [
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "tr",
    "table",
    "pre",
    "section",
    "article",
    "blockquote",
];
/// What nobody reads.
const UNREAD: [&str; 3] = ["script", "style", "template"];
/// How long a character's name may be.
const LONGEST_NAME: usize = 10;

/// The lines of a text, without those that are empty.
pub(super) fn plain(html: &str) -> Vec<String> {
    let (mut text, mut rest) = (String::new(), html);
    let mut leads_to: Option<(usize, String)> = None;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = if let Some((character, after)) = character(from) {
            text.push(character);
            after
        } else if let Some((tag, mut after)) = tag(from) {
            let (name, ends) = (tag_name(tag), tag.starts_with('/'));
            if LINES.contains(&name.as_str()) {
                text.push('\n');
            }
            match name.as_str() {
                "li" if !ends => text.push_str("• "),
                "a" => {
                    close(&mut text, leads_to.take());
                    leads_to = address(tag).map(|address| (text.len(), address));
                }
                unread if UNREAD.contains(&unread) && !ends => after = behind(after, &name),
                _ => {}
            }
            after
        } else {
            let (first, after) = from.split_at(1);
            text.push_str(first);
            after
        };
    }
    text.push_str(rest);
    close(&mut text, leads_to);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && line != "•").collect()
}

/// What stands between `<` and `>`, and what is behind it.
fn tag(from: &str) -> Option<(&str, &str)> {
    let inside = from.strip_prefix('<')?;
    if let Some(comment) = inside.strip_prefix("!--") {
        return Some(("", comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let begins = inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    // What begins anew is no end: a tag has none within it.
    let end = inside.find(['<', '>']).filter(|_| begins)?;
    Some((inside.get(..end)?, inside.get(end..)?.strip_prefix('>')?))
}

fn tag_name(tag: &str) -> String {
    let name = tag.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    name.get(..end).unwrap_or_default().to_ascii_lowercase()
}

/// Where a link leads to that begins here.
fn address(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once("href=")?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = rest.get(1..)?.split(quote).next()?.replace("&amp;", "&");
    let leads = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme));
    leads.then_some(address)
}

/// Says where a link leads to whose text began there, unless the text says so itself.
fn close(text: &mut String, link: Option<(usize, String)>) {
    let Some((from, address)) = link else { return };
    let bare = address.trim_start_matches("mailto:").trim_start_matches("tel:");
    if !text.get(from..).is_some_and(|said| said.contains(bare)) {
        text.extend([" (", bare, ")"]);
    }
}

/// What is behind the end of an element.
fn behind<'a>(from: &'a str, name: &str) -> &'a str {
    let is_end = |at: &usize| {
        let word = from.get(at + 2..at + 2 + name.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(name))
    };
    let end = from.match_indices("</").map(|(at, _)| at).find(is_end);
    end.and_then(|at| from.get(at..)).unwrap_or_default()
}

/// The character that is spelled by its name or number, and what is behind it.
fn character(from: &str) -> Option<(char, &str)> {
    let rest = from.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST_NAME).position(|byte| byte == b';')?;
    let (name, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?)?
        }
    };
    (!character.is_control() || character == '\n').then_some((character, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_html_is_read_as_text() {
        for (html, lines) in [
            ("We write once.", &["We write once."][..]),
            (
                "<p>One &amp; <b>two</b>,<br/>three</p>\n<P class=\"x\">four</P>",
                &["One & two,", "three", "four"],
            ),
            ("<ul><li>a</li><li>b</li><li></li></ul>", &["• a", "• b"]),
            ("1 < 2 & 3 > 2 &c; &#8364; &#x20AC; &lt;b&gt;", &["1 < 2 & 3 > 2 &c; € € <b>"]),
            (
                "See <a href=\"https://a.example/?x=1&amp;y=2\">our rules</a>.",
                &["See our rules (https://a.example/?x=1&y=2)."],
            ),
            ("<a href='mailto:a@b.example'>a@b.example</a><a href=\"javascript:x\">y</a>", &["a@b.exampley"]),
            ("a<!-- <p>b --><style>p { x }</style><SCRIPT>let a = \"<p>\";</SCRIPT>c", &["ac"]),
            ("<script>never ended", &[]),
            ("<p>&nbsp;</p><p> </p>", &[]),
            ("&#0;&#xD800;&#99999999999;<", &["&#0;&#xD800;&#99999999999;<"]),
            ("é&é<é>&", &["é&é<é>&"]),
        ] {
            assert_eq!(plain(html), lines, "{html}");
        }
    }

    #[test]
    fn what_is_long_and_wrong_is_read_in_a_moment() {
        // Nothing is looked for again behind each of these.
        for piece in ["<", "<a", "&", "&#", "<!--", "<script>", "</"] {
            assert!(plain(&piece.repeat(50_000)).len() <= 1, "{piece}");
        }
    }
}
