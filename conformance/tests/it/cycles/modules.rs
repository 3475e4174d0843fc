//! The modules of a crate: what each one declares, imports and names.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;

use super::tokens::{self, Token};

/// All modules; the first one is the root.
pub(super) struct Crate(pub(super) Vec<Module>);

pub(super) struct Module {
    /// Such as `crate::wire::line`. An inline module has the name and the file of the module around it.
    pub(super) name: String,
    pub(super) file: PathBuf,
    pub(super) mentions: Vec<Mention>,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
}

/// A path in an import, or one of several segments elsewhere.
pub(super) struct Mention {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
    import: Option<Import>,
}

struct Import {
    /// The name in the importing module; `None` for a glob.
    name: Option<String>,
    is_public: bool,
}

#[derive(Clone, Copy)]
enum Place {
    Module(usize),
    /// An item of this module.
    ItemOf(usize),
}

impl Crate {
    pub(super) fn read(root: &Path) -> Self {
        let mut this = Self(Vec::new());
        this.read_file("crate".to_owned(), root, None, &root.with_file_name(""));
        this
    }

    /// The module that defines what is mentioned. Importing a module alone uses nothing of it.
    pub(super) fn used(&self, module: usize, mention: &Mention) -> Option<usize> {
        match self.resolve(module, &mention.path, &mut HashSet::new())? {
            Place::ItemOf(used) => Some(used),
            Place::Module(used) => {
                let import = mention.import.as_ref()?;
                (import.is_public || import.name.is_none()).then_some(used)
            }
        }
    }

    fn read_file(
        &mut self,
        name: String,
        file: &Path,
        parent: Option<usize>,
        folder: &Path,
    ) -> usize {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let stream: TokenStream = text
            .parse()
            .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let module = self.add(name, file.to_owned(), parent);
        self.read_code(module, folder, &tokens::read(stream), true);
        module
    }

    fn add(&mut self, name: String, file: PathBuf, parent: Option<usize>) -> usize {
        self.0.push(Module {
            name,
            file,
            mentions: Vec::new(),
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
        });
        self.0.len() - 1
    }

    /// Reads the code of a module, or a part of it in braces or brackets.
    fn read_code(&mut self, module: usize, folder: &Path, code: &[Token], is_whole: bool) {
        let mut at = 0;
        while at < code.len() {
            at += match &code[at..] {
                [mark, Token::Brackets(attribute), rest @ ..]
                    if *mark == '#' && tokens::is_test(attribute) =>
                {
                    2 + tokens::item(rest)
                }
                [word, Token::Brackets(_), ..] if *word == *"pub" => 2,
                [word, rest @ ..] if *word == *"use" => {
                    let length = tokens::item(&code[at..]);
                    let is_public = is_public(&code[..at]);
                    read_import(
                        &rest[..length - 1],
                        &[],
                        is_public,
                        &mut self.0[module].mentions,
                    );
                    length
                }
                [word, Token::Word(child, _), Token::Braces(body), ..]
                    if *word == *"mod" && is_whole =>
                {
                    let Module { name, file, .. } = &self.0[module];
                    let inline = self.add(name.clone(), file.clone(), Some(module));
                    self.0[module].children.insert(child.clone(), inline);
                    self.read_code(inline, &folder.join(child), body, true);
                    3
                }
                [word, Token::Word(child, _), ..] if *word == *"mod" && is_whole => {
                    self.read_child(module, folder, &code[..at], child);
                    2
                }
                [Token::Braces(inner) | Token::Brackets(inner), ..] => {
                    self.read_code(module, folder, inner, false);
                    1
                }
                [Token::Word(keyword, line), rest @ ..] => {
                    if is_whole && DECLARE.contains(&keyword.as_str()) {
                        self.declare(module, rest);
                    }
                    let (path, length) = tokens::path(&code[at..]);
                    if path.len() > 1 && !continues(&code[..at]) {
                        let (line, import) = (*line, None);
                        let mention = Mention { path, line, import };
                        self.0[module].mentions.push(mention);
                    }
                    length
                }
                _ => 1,
            };
        }
    }

    /// Notes the name of an item. It follows directly, or behind `mut` or the `!` of `macro_rules!`.
    fn declare(&mut self, module: usize, code: &[Token]) {
        let names = code.iter().take(2).filter_map(|token| match token {
            Token::Word(name, _) => Some(name.clone()),
            _ => None,
        });
        self.0[module].items.extend(names);
    }

    fn read_child(&mut self, parent: usize, folder: &Path, before: &[Token], child: &str) {
        let Module { name, file, .. } = &self.0[parent];
        let name = format!("{name}::{child}");
        let below = folder.join(child);
        let (file, below) = match before {
            [.., Token::Brackets(attribute)]
                if let [word, _, Token::Literal(path)] = &attribute[..]
                    && *word == *"path" =>
            {
                let file = file.with_file_name(path.trim_matches('"'));
                let below = file.with_file_name("");
                (file, below)
            }
            _ => {
                let files = [folder.join(format!("{child}.rs")), below.join("mod.rs")];
                let file = files.into_iter().find(|file| file.exists());
                (file.unwrap_or_else(|| panic!("{name} has no file")), below)
            }
        };
        let module = self.read_file(name, &file, Some(parent), &below);
        self.0[parent].children.insert(child.to_owned(), module);
    }

    /// Follows a path through modules and imports. Returns nothing if it leads to another crate.
    fn resolve(
        &self,
        from: usize,
        path: &[String],
        visited: &mut HashSet<(usize, String)>,
    ) -> Option<Place> {
        let mut place = Place::Module(from);
        for (at, segment) in path.iter().enumerate() {
            // The rest of the path is a variant or an associated item.
            let Place::Module(module) = place else { break };
            place = match segment.as_str() {
                "crate" => Place::Module(0),
                "self" => place,
                "super" => Place::Module(self.0[module].parent?),
                name => match self.member(module, name, visited) {
                    None if at == 0 => return None,
                    None => Place::ItemOf(module),
                    Some(member) => member,
                },
            };
        }
        Some(place)
    }

    /// What a name means in a module.
    fn member(
        &self,
        module: usize,
        name: &str,
        visited: &mut HashSet<(usize, String)>,
    ) -> Option<Place> {
        let this = &self.0[module];
        if let Some(child) = this.children.get(name) {
            return Some(Place::Module(*child));
        }
        if this.items.contains(name) {
            return Some(Place::ItemOf(module));
        }
        if !visited.insert((module, name.to_owned())) {
            return None;
        }
        let mut globs = Vec::new();
        for mention in &this.mentions {
            match &mention.import {
                Some(Import {
                    name: Some(imported),
                    ..
                }) if imported == name => {
                    let place = self.resolve(module, &mention.path, visited);
                    return place.or(Some(Place::ItemOf(module)));
                }
                Some(Import { name: None, .. }) => globs.push(&mention.path),
                _ => {}
            }
        }
        globs
            .into_iter()
            .find_map(|glob| match self.resolve(module, glob, visited)? {
                Place::Module(all) => self.member(all, name, visited),
                Place::ItemOf(_) => None,
            })
    }
}

const DECLARE: [&str; 9] = [
    "const",
    "enum",
    "fn",
    "macro_rules",
    "static",
    "struct",
    "trait",
    "type",
    "union",
];

/// Whether what follows is a method or the rest of a longer path.
fn continues(before: &[Token]) -> bool {
    match before {
        [.., Token::Separator] => true,
        [.., range, dot] => *dot == '.' && *range != '.',
        _ => false,
    }
}

fn is_public(before: &[Token]) -> bool {
    match before {
        [.., word, Token::Brackets(_)] | [.., word] => *word == *"pub",
        [] => false,
    }
}

/// Reads a tree of imports, such as `a::{b, c::*}`.
fn read_import(tree: &[Token], prefix: &[String], is_public: bool, mentions: &mut Vec<Mention>) {
    for branch in tree.split(|token| *token == ',' || *token == ';') {
        let Some(Token::Word(_, line)) = branch.first() else {
            continue;
        };
        let (segments, length) = tokens::path(branch);
        let mut path = [prefix, &segments].concat();
        let name = match &branch[length..] {
            [Token::Braces(inner)] => {
                read_import(inner, &path, is_public, mentions);
                continue;
            }
            [Token::Mark('*')] => None,
            rest => {
                if path.len() > 1 {
                    path.pop_if(|last| last == "self");
                }
                match rest {
                    [_, Token::Word(alias, _)] => Some(alias.clone()),
                    _ => path.last().cloned(),
                }
            }
        };
        let import = Some(Import { name, is_public });
        mentions.push(Mention {
            path,
            line: *line,
            import,
        });
    }
}
