//! Finding an item (a struct, a method, a test, a table) in a source file.
//!
//! The file is long because of its tests: each shape of item has one.

use tree_sitter::{Language, Node, Parser};

use crate::checkpoint::nearest;

/// An item's name and the lines that it takes, from 0, the last excluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    path: Vec<String>,
    /// Another name for it: a method's, by the `impl` that it stands in.
    other: Vec<String>,
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
/// item is called so. Of several with one name the second is `new.2`.
///
/// # Errors
/// Why not, in words: no such item (with the nearest), or more than one.
pub fn find(
    items: &[Item],
    (language, text): (&str, &str),
    name: &str,
    docs: bool,
) -> Result<String, String> {
    let found = called(language, items, name);
    let one = match found[..] {
        [item] => item,
        [] => match numbered(name) {
            Some((bare, number)) => *called(language, items, bare)
                .get(number - 1)
                .ok_or_else(|| missing(language, items, name))?,
            None => return Err(missing(language, items, name)),
        },
        _ => {
            let lines: Vec<String> = found
                .iter()
                .map(|item| (item.first + 1).to_string())
                .collect();
            return Err(format!(
                "it has more than one `{name}`: at lines {}; the second is `{name}.2`",
                lines.join(", ")
            ));
        }
    };
    let code = cut(text, one, docs);
    // A Python function of which only the docstring was written.
    if code.trim().is_empty() || (language == "python" && code.trim_end().ends_with(':')) {
        return Err(format!("nothing is left of `{name}` without its docs"));
    }
    Ok(code)
}

/// The items with a name: those at the top, if some are inside of others.
fn called<'a>(language: &str, items: &'a [Item], name: &str) -> Vec<&'a Item> {
    let wanted: Vec<&str> = match language {
        "toml" => vec![name],
        _ => name.split(separator(language)).collect(),
    };
    let is_called =
        |item: &&Item| ends_with(&item.path, &wanted) || ends_with(&item.other, &wanted);
    let mut found: Vec<&Item> = items.iter().filter(is_called).collect();
    if found.len() > 1 && found.iter().any(|item| item.path.len() == wanted.len()) {
        found.retain(|item| item.path.len() == wanted.len());
    }
    if found.iter().any(|item| !item.is_field) {
        found.retain(|item| !item.is_field);
    }
    found
}

/// `new.2` as `new` and 2.
fn numbered(name: &str) -> Option<(&str, usize)> {
    let (bare, number) = name.rsplit_once('.')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((bare, number))
}

fn missing(language: &str, items: &[Item], name: &str) -> String {
    let names = items.iter().map(|item| item.path.join(separator(language)));
    match nearest(name, names) {
        Some(near) => format!("it has no `{name}`; did you mean `{near}`?"),
        None => format!("it has no `{name}`"),
    }
}

fn separator(language: &str) -> &'static str {
    if language == "rust" { "::" } else { "." }
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

/// The items of a source file.
///
/// # Errors
/// Why there are none, in words: a language without items, a text that is not in it.
pub fn items(language: &str, text: &str) -> Result<Vec<Item>, String> {
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
        "rust" => finder.rust(tree.root_node(), &[], None),
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
    fn rust(&mut self, parent: Node, path: &[String], block: Option<&String>) {
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
                "impl_item" => self.field(node, "type").map(|of| {
                    let name = format!("impl-{}", last_name(&of));
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
                    .flat_map(|node| self.own_lines(*node))
                    .collect();
                self.inner_docs(node, &mut docs);
                let mut full = path.to_vec();
                full.push(name.clone());
                let of_trait = self
                    .field(node, "trait")
                    .filter(|_| name.starts_with("impl-"));
                let other = match of_trait {
                    Some(of) => vec![format!("impl-{}-for-{}", last_name(&of), of_impl(&name))],
                    None => block.into_iter().chain([&name]).cloned().collect(),
                };
                self.items.push(Item {
                    path: full.clone(),
                    other: other.clone(),
                    first,
                    end: node.end_position().row + 1,
                    docs,
                    is_field: node.kind() == "field_declaration",
                });
                // What is in an `impl Order` is called `Order::new`.
                let is_impl = node.kind() == "impl_item";
                let inside = match is_impl {
                    true => [path, &[of_impl(&name).to_string()]].concat(),
                    false => full,
                };
                // … and by the block's own name, if two blocks have a `new`.
                let block = other.last().filter(|_| is_impl).cloned();
                if let Some(body) = node.child_by_field_name("body") {
                    self.rust(body, &inside, block.as_ref());
                }
            }
            before.clear();
        }
    }

    fn inner_docs(&self, node: Node, docs: &mut Vec<usize>) {
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            if child.kind().ends_with("_comment") && self.is_doc(child) {
                docs.extend(self.own_lines(child));
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
                // What stands under `if TYPE_CHECKING:` or `try:` is the module's own.
                "if_statement" | "elif_clause" | "else_clause" | "try_statement"
                | "except_clause" | "finally_clause" | "with_statement" | "block" => {
                    self.python(outer, path);
                    continue;
                }
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
                .map_or(Vec::new(), |string| self.own_lines(string).collect());
            let mut full = path.to_vec();
            full.push(name);
            let first = outer.start_position().row;
            self.items.push(Item {
                path: full.clone(),
                other: Vec::new(),
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
            // A table ends with its last key; comments after that are the next one's.
            let mut inside = node.walk();
            let pairs = node
                .named_children(&mut inside)
                .filter(|child| child.kind() == "pair");
            let end = pairs.last().unwrap_or(key).end_position().row;
            let name: Vec<&str> = self
                .of(key)
                .split('.')
                .map(|part| part.trim().trim_matches(['"', '\'']))
                .collect();
            self.items.push(Item {
                path: vec![name.join(".")],
                other: Vec::new(),
                first: node.start_position().row,
                end: end + 1,
                docs: Vec::new(),
                is_field: false,
            });
        }
    }

    fn field(&self, node: Node, name: &str) -> Option<String> {
        node.child_by_field_name(name)
            .map(|child| self.of(child).to_string())
    }

    /// The lines that a node has to itself: none on which code stands, too.
    fn own_lines(&self, node: Node) -> impl Iterator<Item = usize> + use<> {
        let before = self.text[..node.start_byte()].rsplit('\n').next();
        let after = self.text[node.end_byte()..].split('\n').next();
        let ends_line = self.of(node).ends_with('\n');
        let is_blank = |text: Option<&str>| text.unwrap_or_default().trim().is_empty();
        let is_own = is_blank(before) && (ends_line || is_blank(after));
        lines(node).filter(move |_| is_own)
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

/// `Order` of `crate::order::Order<T>`.
fn last_name(name: &str) -> &str {
    let name = name.split('<').next().unwrap_or(name).trim();
    name.rsplit("::").next().unwrap_or(name)
}

/// `Order` of `impl-Order.2`.
fn of_impl(name: &str) -> &str {
    let name = name.strip_prefix("impl-").unwrap_or(name);
    name.split('.').next().unwrap_or(name)
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
        .map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    let mut cut = String::new();
    for line in lines {
        // A line further left than the first (in a string) keeps all its letters.
        let blanks = line.len() - line.trim_start_matches(' ').len();
        cut.push_str(line[indent.min(blanks)..].trim_end());
        cut.push('\n');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(language: &str, text: &str, name: &str, docs: bool) -> Result<String, String> {
        super::find(&items(language, text)?, (language, text), name, docs)
    }

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
            "it has more than one `f`: at lines 2, 5; the second is `f.2`"
        );
        assert_eq!(find("rust", text, "f.2", true).unwrap(), "fn f() {}\n");
        assert!(find("rust", text, "f.3", true).is_err());
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

    #[test]
    fn every_shape_of_an_impl_has_a_name() {
        let text = "impl<T: Copy> a::Order<T> {\n    fn new() {}\n}\nimpl fmt::Display for Order<u8> {\n    fn fmt() {}\n}\nimpl From<u8> for Order<u8> {\n    fn from() -> u8 { 8 }\n}\nimpl From<u16> for Order<u8> {\n    fn from() -> u8 { 16 }\n}\nmacro_rules! ream { () => {} }\ntrait Paper {\n    fn sheets(&self) -> u32;\n}\n";
        let found = |name: &str| find("rust", text, name, true);
        assert!(found("Order::new").is_ok());
        assert!(
            found("impl-Display-for-Order")
                .unwrap()
                .starts_with("impl fmt::Display")
        );
        assert_eq!(found("Order::fmt").unwrap(), "fn fmt() {}\n");
        assert!(found("Order::from").unwrap_err().contains("more than one"));
        assert_eq!(found("Order::from.2").unwrap(), "fn from() -> u8 { 16 }\n");
        assert!(found("impl-Order.3").unwrap().starts_with("impl From<u8>"));
        assert_eq!(found("ream").unwrap(), "macro_rules! ream { () => {} }\n");
        assert_eq!(
            found("Paper::sheets").unwrap(),
            "fn sheets(&self) -> u32;\n"
        );
        let blocks = "impl A {\n    fn new() { 1 }\n}\nmod b {\n    impl A {\n        fn new() { 2 }\n    }\n}\n";
        assert_eq!(
            find("rust", blocks, "impl-A.2::new", true).unwrap(),
            "fn new() { 2 }\n"
        );
    }

    #[test]
    fn leaving_docs_out_leaves_code_in() {
        let sig = |language: &str, text: &str| find(language, text, "f", false);
        assert_eq!(
            sig("rust", "/** a */ fn f() {}\n").unwrap(),
            "/** a */ fn f() {}\n"
        );
        assert_eq!(
            sig(
                "rust",
                "/** a\n b */\nfn f() {\n    /// c\n    let x = 1;\n}\n"
            )
            .unwrap(),
            "fn f() {\n    let x = 1;\n}\n"
        );
        assert_eq!(
            sig("python", "def f(): \"doc\"\n").unwrap(),
            "def f(): \"doc\"\n"
        );
        assert_eq!(
            sig(
                "python",
                "def f():\n    \"\"\"Doc.\n\n    More.\"\"\"; x = 1\n"
            )
            .unwrap(),
            "def f():\n    \"\"\"Doc.\n\n    More.\"\"\"; x = 1\n"
        );
        let empty = sig("python", "def f():\n    \"\"\"Doc.\"\"\"\n").unwrap_err();
        assert_eq!(empty, "nothing is left of `f` without its docs");
    }

    #[test]
    fn a_line_further_left_loses_no_letter() {
        let text = "class A:\n    def f(self):\n        return \"\"\"\nDear Pam,\n  é\n\"\"\"\n";
        let found = find("python", text, "A.f", true).unwrap();
        assert_eq!(
            found,
            "def f(self):\n    return \"\"\"\nDear Pam,\né\n\"\"\"\n"
        );
    }

    #[test]
    fn overloads_are_numbered_and_conditional_definitions_found() {
        let text = "@overload\ndef f(a: int): ...\n\n\n@overload\ndef f(a: str): ...\n\n\ndef f(a):\n    return a\n\n\nif TYPE_CHECKING:\n    class A:\n        @property\n        async def g(self): ...\nelse:\n    B = 1\n";
        let found = |name: &str| find("python", text, name, true);
        assert!(
            found("f")
                .unwrap_err()
                .contains("more than one `f`: at lines 1, 5, 9")
        );
        assert_eq!(found("f.2").unwrap(), "@overload\ndef f(a: str): ...\n");
        assert_eq!(found("f.3").unwrap(), "def f(a):\n    return a\n");
        assert_eq!(found("A.g").unwrap(), "@property\nasync def g(self): ...\n");
        assert_eq!(found("B").unwrap(), "B = 1\n");
    }

    #[test]
    fn every_shape_of_a_table_has_a_name() {
        let text = "a.b = 1\n\n[[bin]]\nname = \"x\"\n\n[[bin]]\nname = \"y\" # why\n# the next\n\n[ tool . \"maturin\" ]\nx = [\n[1],\n[2],\n]\n\n[empty]\n";
        let found = |name: &str| find("toml", text, name, true);
        assert!(found("bin").unwrap_err().contains("the second is `bin.2`"));
        assert_eq!(found("bin.2").unwrap(), "[[bin]]\nname = \"y\" # why\n");
        assert_eq!(
            found("tool.maturin").unwrap(),
            "[ tool . \"maturin\" ]\nx = [\n[1],\n[2],\n]\n"
        );
        assert_eq!(found("empty").unwrap(), "[empty]\n");
        assert!(found("a.b").is_err());
    }
}
