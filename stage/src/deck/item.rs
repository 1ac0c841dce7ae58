//! Finding an item (a struct, a method, a test, a table) in a source file.
//!
//! The file is long because of its tests: each shape of item has one.

use tree_sitter::{Language, Node, Parser};

use crate::checkpoint::nearest;

/// An item's name and the lines that it takes, from 0, the last excluded.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    path: Vec<String>,
    first: usize,
    end: usize,
    /// Lines that only document: doc comments, a docstring.
    docs: Vec<usize>,
    /// A struct's field: a method of the same name goes before it.
    is_field: bool,
}

/// The text of the item called `name` in `text`: attributes and docs included,
/// or without its docs; the indentation of its first line taken off.
///
/// A name may be shortened from the left: `Order::new`, or `new` where no other
/// item is called so.
///
/// # Errors
/// Why not, in words: no such item (with the nearest), or more than one.
pub fn find(language: &str, text: &str, name: &str, docs: bool) -> Result<String, String> {
    let items = items(language, text)?;
    let separator = if language == "rust" { "::" } else { "." };
    let wanted: Vec<&str> = match language {
        "toml" => vec![name],
        _ => name.split(separator).collect(),
    };
    let mut found: Vec<&Item> = items
        .iter()
        .filter(|item| ends_with(&item.path, &wanted))
        .collect();
    if found.len() > 1 && found.iter().any(|item| item.path.len() == wanted.len()) {
        found.retain(|item| item.path.len() == wanted.len());
    }
    if found.iter().any(|item| !item.is_field) {
        found.retain(|item| !item.is_field);
    }
    match found[..] {
        [item] => Ok(cut(text, item, docs)),
        [] => {
            let names = items.iter().map(|item| item.path.join(separator));
            let near = nearest(name, names);
            Err(near.map_or(format!("it has no `{name}`"), |near| {
                format!("it has no `{name}`; did you mean `{near}`?")
            }))
        }
        _ => {
            let lines: Vec<String> = found
                .iter()
                .map(|item| (item.first + 1).to_string())
                .collect();
            Err(format!(
                "it has more than one `{name}`: at lines {}",
                lines.join(", ")
            ))
        }
    }
}

/// The grammar for one of the languages that a slide shows.
pub fn grammar(language: &str) -> Option<Language> {
    match language {
        "rust" => Some(tree_sitter_rust::LANGUAGE.into()),
        "python" | "pycon" => Some(tree_sitter_python::LANGUAGE.into()),
        "toml" => Some(tree_sitter_toml_ng::LANGUAGE.into()),
        _ => None,
    }
}

fn items(language: &str, text: &str) -> Result<Vec<Item>, String> {
    let grammar = grammar(language).ok_or_else(|| format!("no items are known in `{language}`"))?;
    let mut parser = Parser::new();
    parser
        .set_language(&grammar)
        .map_err(|error| error.to_string())?;
    let tree = parser.parse(text, None).ok_or("it cannot be parsed")?;
    if tree.root_node().has_error() {
        return Err(format!("it is not {language} that can be parsed"));
    }
    let mut items = Vec::new();
    let mut finder = Finder {
        text,
        items: &mut items,
    };
    match language {
        "rust" => finder.rust(tree.root_node(), &[]),
        "toml" => finder.toml(tree.root_node()),
        _ => finder.python(tree.root_node(), &[]),
    }
    Ok(items)
}

struct Finder<'a> {
    text: &'a str,
    items: &'a mut Vec<Item>,
}

impl Finder<'_> {
    fn rust(&mut self, parent: Node, path: &[String]) {
        let mut cursor = parent.walk();
        let children: Vec<Node> = parent.named_children(&mut cursor).collect();
        // Attributes and doc comments stand before the item they belong to.
        let mut before: Vec<Node> = Vec::new();
        for node in children {
            match node.kind() {
                "attribute_item" | "line_comment" | "block_comment" => {
                    if node.kind() != "attribute_item" && before.is_empty() && !self.is_doc(node) {
                        continue;
                    }
                    before.push(node);
                    continue;
                }
                _ => {}
            }
            let name = match node.kind() {
                "impl_item" => self.field(node, "type").map(|name| {
                    let name = format!("impl-{}", name.split('<').next().unwrap_or_default());
                    let same = |item: &&Item| {
                        item.path
                            .last()
                            .is_some_and(|last| last.split('.').next() == Some(&name))
                    };
                    match self.items.iter().filter(same).count() {
                        0 => name,
                        count => format!("{name}.{}", count + 1),
                    }
                }),
                _ => self.field(node, "name"),
            };
            if let Some(name) = name {
                let first = before
                    .first()
                    .map_or(node, |first| *first)
                    .start_position()
                    .row;
                let mut docs: Vec<usize> = before
                    .iter()
                    .filter(|node| self.is_doc(**node))
                    .flat_map(|node| lines(*node))
                    .collect();
                self.inner_docs(node, &mut docs);
                let mut full = path.to_vec();
                full.push(name.clone());
                self.items.push(Item {
                    path: full.clone(),
                    first,
                    end: node.end_position().row + 1,
                    docs,
                    is_field: node.kind() == "field_declaration",
                });
                // What is in an `impl Order` is called `Order::new`.
                let inside = match name.strip_prefix("impl-") {
                    Some(name) => {
                        [path, &[name.split('.').next().unwrap_or(name).to_string()]].concat()
                    }
                    None => full,
                };
                if let Some(body) = node.child_by_field_name("body") {
                    self.rust(body, &inside);
                }
            }
            before.clear();
        }
    }

    fn inner_docs(&self, node: Node, docs: &mut Vec<usize>) {
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            if child.kind() == "line_comment" && self.is_doc(child) {
                docs.extend(lines(child));
            }
            self.inner_docs(child, docs);
        }
    }

    fn is_doc(&self, node: Node) -> bool {
        let text = self.of(node);
        text.starts_with("///") || text.starts_with("/**")
    }

    fn python(&mut self, parent: Node, path: &[String]) {
        let mut cursor = parent.walk();
        let children: Vec<Node> = parent.named_children(&mut cursor).collect();
        for outer in children {
            let node = match outer.kind() {
                "decorated_definition" => outer.child_by_field_name("definition").unwrap_or(outer),
                _ => outer,
            };
            let name = match node.kind() {
                "function_definition" | "class_definition" => self.field(node, "name"),
                "expression_statement" => node
                    .named_child(0)
                    .filter(|inner| inner.kind() == "assignment")
                    .and_then(|inner| self.field(inner, "left")),
                _ => None,
            };
            let Some(name) = name else { continue };
            let body = node.child_by_field_name("body");
            let docs = body
                .and_then(|body| body.named_child(0))
                .filter(|first| first.kind() == "expression_statement")
                .and_then(|first| first.named_child(0))
                .filter(|inner| inner.kind() == "string")
                .map_or(Vec::new(), |string| lines(string).collect());
            let mut full = path.to_vec();
            full.push(name);
            let first = outer.start_position().row;
            self.items.push(Item {
                path: full.clone(),
                first,
                end: outer.end_position().row + 1,
                docs,
                is_field: false,
            });
            if let (Some(body), "class_definition") = (body, node.kind()) {
                self.python(body, &full);
            }
        }
    }

    fn toml(&mut self, root: Node) {
        let mut cursor = root.walk();
        let tables: Vec<Node> = root.named_children(&mut cursor).collect();
        for node in tables
            .into_iter()
            .filter(|node| node.kind().starts_with("table"))
        {
            let Some(key) = node.named_child(0) else {
                continue;
            };
            let first = node.start_position().row;
            let last = self
                .text
                .lines()
                .take(node.end_position().row + 1)
                .skip(first)
                .collect::<Vec<_>>();
            // A table reaches to the next one; the empty lines between are neither's.
            let next = last
                .iter()
                .skip(1)
                .position(|line| line.starts_with('['))
                .map_or(last.len(), |at| at + 1);
            let filled = last[..next]
                .iter()
                .rposition(|line| !line.trim().is_empty())
                .map_or(1, |at| at + 1);
            self.items.push(Item {
                path: vec![self.of(key).into()],
                first,
                end: first + filled,
                docs: Vec::new(),
                is_field: false,
            });
        }
    }

    fn field(&self, node: Node, name: &str) -> Option<String> {
        node.child_by_field_name(name)
            .map(|child| self.of(child).to_string())
    }

    fn of(&self, node: Node) -> &str {
        &self.text[node.byte_range()]
    }
}

/// The lines that a node takes; a comment's end may stand on the next line.
fn lines(node: Node) -> impl Iterator<Item = usize> + use<> {
    let (first, last) = (node.start_position().row, node.end_position());
    first..(if last.column == 0 {
        last.row
    } else {
        last.row + 1
    })
    .max(first + 1)
}

fn ends_with(path: &[String], wanted: &[&str]) -> bool {
    path.len() >= wanted.len()
        && path[path.len() - wanted.len()..]
            .iter()
            .zip(wanted)
            .all(|(one, other)| one == other)
}

fn cut(text: &str, item: &Item, docs: bool) -> String {
    let all: Vec<&str> = text.lines().collect();
    let kept =
        (item.first..item.end.min(all.len())).filter(|line| docs || !item.docs.contains(line));
    let lines: Vec<&str> = kept.map(|line| all[line]).collect();
    let indent = lines
        .first()
        .map_or(0, |line| line.len() - line.trim_start().len());
    let mut cut = String::new();
    for line in lines {
        cut.push_str(
            line.get(indent..)
                .unwrap_or_else(|| line.trim_start())
                .trim_end(),
        );
        cut.push('\n');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "use x;\n\n/// An order.\n#[pyclass]\npub struct Order {\n    /// Who.\n    customer: String,\n}\n\n#[pymethods]\nimpl Order {\n    #[new]\n    fn new() -> Self {\n        Self\n    }\n}\n\n/// Not for Python.\nimpl Order {\n    fn check() {}\n}\n\n#[pymodule]\nmod _dunder {\n    /// Sheets.\n    #[pyfunction]\n    fn sheets() {}\n}\n";

    #[test]
    fn a_struct_comes_with_its_docs_and_attributes() {
        let found = find("rust", RUST, "Order", true).unwrap();
        assert_eq!(
            found,
            "/// An order.\n#[pyclass]\npub struct Order {\n    /// Who.\n    customer: String,\n}\n"
        );
    }

    #[test]
    fn a_method_goes_before_the_field_that_it_reads() {
        let text = "struct Order {\n    notes: u8,\n}\n\nimpl Order {\n    fn notes(&self) {}\n}\n";
        let found = find("rust", text, "Order::notes", true).unwrap();
        assert_eq!(found, "fn notes(&self) {}\n");
        let only_field = &text[..text.find("impl").unwrap()];
        let found = find("rust", only_field, "Order::notes", true).unwrap();
        assert_eq!(found, "notes: u8,\n");
    }

    #[test]
    fn docs_can_be_left_out() {
        let found = find("rust", RUST, "Order", false).unwrap();
        assert_eq!(
            found,
            "#[pyclass]\npub struct Order {\n    customer: String,\n}\n"
        );
    }

    #[test]
    fn a_method_is_found_by_its_type_and_loses_its_indentation() {
        let found = find("rust", RUST, "Order::new", true).unwrap();
        assert_eq!(found, "#[new]\nfn new() -> Self {\n    Self\n}\n");
    }

    #[test]
    fn the_second_impl_has_a_number() {
        assert!(
            find("rust", RUST, "impl-Order", true)
                .unwrap()
                .starts_with("#[pymethods]\nimpl Order")
        );
        assert!(
            find("rust", RUST, "impl-Order.2", true)
                .unwrap()
                .starts_with("/// Not for Python.\nimpl Order")
        );
        assert_eq!(
            find("rust", RUST, "Order::check", true).unwrap(),
            "fn check() {}\n"
        );
    }

    #[test]
    fn a_function_in_a_module_is_found_by_its_name_alone() {
        assert_eq!(
            find("rust", RUST, "sheets", false).unwrap(),
            "#[pyfunction]\nfn sheets() {}\n"
        );
        assert_eq!(
            find("rust", RUST, "_dunder::sheets", true).unwrap(),
            "/// Sheets.\n#[pyfunction]\nfn sheets() {}\n"
        );
    }

    #[test]
    fn a_missing_item_gets_the_nearest() {
        let error = find("rust", RUST, "Ordr", true).unwrap_err();
        assert_eq!(error, "it has no `Ordr`; did you mean `Order`?");
    }

    #[test]
    fn two_items_of_one_name_are_refused() {
        let text = "mod a {\n    fn f() {}\n}\nmod b {\n    fn f() {}\n}\n";
        assert_eq!(
            find("rust", text, "f", true).unwrap_err(),
            "it has more than one `f`: at lines 2, 5"
        );
        assert_eq!(find("rust", text, "b::f", true).unwrap(), "fn f() {}\n");
    }

    #[test]
    fn a_python_test_comes_with_its_decorators() {
        let text = "import pytest\n\n\n@pytest.mark.parametrize(\"n\", [1])\ndef test_it(n):\n    \"\"\"Doc.\"\"\"\n    assert n\n\n\nclass A:\n    x = 1\n\n    def f(self):\n        pass\n";
        let found = find("python", text, "test_it", true).unwrap();
        assert!(found.starts_with("@pytest.mark.parametrize") && found.ends_with("assert n\n"));
        assert!(
            !find("python", text, "test_it", false)
                .unwrap()
                .contains("Doc")
        );
        assert_eq!(
            find("python", text, "A.f", true).unwrap(),
            "def f(self):\n    pass\n"
        );
        assert_eq!(find("python", text, "A.x", true).unwrap(), "x = 1\n");
    }

    #[test]
    fn a_toml_table_ends_before_the_next() {
        let text = "[package]\nname = \"d\"\n\n[tool.maturin]\nx = [\n  1,\n]\n";
        assert_eq!(
            find("toml", text, "package", true).unwrap(),
            "[package]\nname = \"d\"\n"
        );
        assert_eq!(
            find("toml", text, "tool.maturin", true).unwrap(),
            "[tool.maturin]\nx = [\n  1,\n]\n"
        );
    }

    #[test]
    fn a_file_that_does_not_parse_is_refused() {
        assert!(find("rust", "fn (", "f", true).is_err());
    }
}
