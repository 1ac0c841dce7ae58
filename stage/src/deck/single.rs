//! The whole deck as one HTML file, which opens from a USB stick.
//!
//! What the page asks for is written into it. That needs inline scripts and
//! styles, so a server with a strict content security policy gets the folder;
//! so does the presenter, whose speaker view is a page of its own.

use std::fs;
use std::path::Path;

use super::{Page, Settings, contents, render};
use crate::error::{Error, Result};

/// Write the deck whose folder has been built at `folder` into one file there.
///
/// # Errors
/// `BadText` for a slide that cannot be rendered; `Io`.
pub fn single(pages: &[Page], settings: &Settings, folder: &Path) -> Result<String> {
    let mut settings = settings.clone();
    // A link into this clone is dead on another machine.
    settings.solutions = contents::solutions(&settings.repository, folder, Path::new(""));
    if !settings.solutions.starts_with("https://") {
        settings.solutions.clear();
    }
    let html = render::page(pages, &settings)?.replacen("<html ", "<html data-single ", 1);
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(Error::io("read", &path))
    };
    inlined(&html, &read)
}

/// The page with each of its own scripts, styles and images put in its place.
fn inlined(html: &str, read: &dyn Fn(&str) -> Result<Vec<u8>>) -> Result<String> {
    let mut out = String::with_capacity(html.len() * 2);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (tag, behind) = rest.split_at(end);
        rest = behind;
        let address = |name| attribute(tag, name).filter(|value| is_own(value));
        if let Some(name) = address("src").filter(|_| tag.starts_with("<script")) {
            let code = String::from_utf8_lossy(&read(name)?).into_owned();
            // Both would end the element, and both may stand in a string.
            let code = code
                .replace("</script", "<\\/script")
                .replace("<!--", "<\\!--");
            out.push_str("<script>");
            out.push_str(&code);
        } else if let Some(name) = address("href").filter(|_| tag.contains("\"stylesheet\"")) {
            let media = attribute(tag, "media").unwrap_or("all");
            let style = String::from_utf8_lossy(&read(name)?).into_owned();
            out.push_str(&format!("<style media=\"{media}\">{style}</style>"));
        } else if let Some(name) = address("src")
            .filter(|_| tag.starts_with("<img"))
            .or_else(|| address("href").filter(|_| tag.contains("\"icon\"")))
        {
            let image = format!("data:{};base64,{}", kind(name), base64(&read(name)?));
            out.push_str(&tag.replacen(name, &image, 1));
        } else {
            out.push_str(tag);
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Whether an address names a file of the deck's folder.
fn is_own(address: &str) -> bool {
    !address.is_empty() && !address.contains(':') && !address.starts_with(['/', '#'])
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "image/png",
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            text.push(if at > chunk.len() { '=' } else { letter });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> String {
        let read = |name: &str| {
            Ok(match name {
                "a.js" => b"x = '</script>'".to_vec(),
                "a.css" => b"b{}".to_vec(),
                _ => b"any".to_vec(),
            })
        };
        inlined(html, &read).unwrap()
    }

    #[test]
    fn a_script_is_put_in_and_cannot_end_itself() {
        assert_eq!(
            page("<p><script src=\"a.js\"></script>"),
            "<p><script>x = '<\\/script>'</script>"
        );
    }

    #[test]
    fn a_style_keeps_its_medium() {
        assert_eq!(
            page("<link rel=\"stylesheet\" href=\"a.css\" media=\"screen\">"),
            "<style media=\"screen\">b{}</style>"
        );
    }

    #[test]
    fn an_image_becomes_its_bytes() {
        assert_eq!(
            page("<img src=\"i/a.svg\" alt=\"a\">"),
            "<img src=\"data:image/svg+xml;base64,YW55\" alt=\"a\">"
        );
        assert_eq!(base64(b"ream"), "cmVhbQ==");
        assert_eq!(base64(b"reams"), "cmVhbXM=");
    }

    #[test]
    fn a_link_stays_a_link() {
        let html = "<a href=\"#frozen\">a &lt; b</a><a href=\"https://pyo3.rs\">p</a> 1 ";
        assert_eq!(page(html), html);
    }
}
