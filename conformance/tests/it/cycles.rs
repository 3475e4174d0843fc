//! The modules of a crate do not depend on each other in a cycle.
//!
//! A module is a file. It depends on another one if it names an item that the other one defines, directly or through a
//! re-export, or if it re-exports from it. Declaring a module is no dependency. Unit tests do not count.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
};

use cargo_metadata::MetadataCommand;

use self::modules::Crate;

mod modules;
mod tokens;

/// What each module depends on, and the first place where it does.
type Dependencies = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn modules_do_not_depend_on_each_other_in_a_cycle() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let root = metadata.workspace_root.as_std_path();
    let mut count = 0;
    let mut cycles = String::new();
    for target in metadata
        .packages
        .iter()
        .flat_map(|package| &package.targets)
    {
        let dependencies = dependencies(&Crate::read(target.src_path.as_std_path()), root);
        count += dependencies.len();
        for cycle in shortest_cycles(&dependencies) {
            cycles += &format!("\nin {}:\n{cycle}", target.name);
        }
    }
    assert!(count > 200, "only {count} modules were read");
    assert!(cycles.is_empty(), "modules depend on each other:\n{cycles}");
}

#[test]
fn a_cycle_is_found_through_a_reexport() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
        ("a.rs", "use crate::b; pub struct A(b::B);"),
        (
            "b.rs",
            "use super::A; pub struct B(A); #[cfg(test)] mod tests { use crate::c::C; }",
        ),
        ("c.rs", "use super::b::B; pub struct C(B);"),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let source = Crate::read(&folder.path().join("lib.rs"));
    let cycles = shortest_cycles(&dependencies(&source, folder.path()));
    let expected =
        "  crate::a -> crate::b  (a.rs:1: b::B)\n  crate::b -> crate::a  (b.rs:1: super::A)\n";
    assert_eq!(cycles, BTreeSet::from([expected.to_owned()]));
}

fn dependencies(source: &Crate, root: &Path) -> Dependencies {
    let mut dependencies = Dependencies::new();
    for (index, module) in source.0.iter().enumerate() {
        let used = dependencies.entry(module.name.clone()).or_default();
        let file = module
            .file
            .strip_prefix(root)
            .unwrap_or(&module.file)
            .display();
        for mention in &module.mentions {
            let name = source.used(index, mention).map(|used| &source.0[used].name);
            if let Some(name) = name.filter(|name| **name != module.name) {
                used.entry(name.clone()).or_insert_with(|| {
                    format!("{file}:{}: {}", mention.line, mention.path.join("::"))
                });
            }
        }
    }
    dependencies
}

/// Describes the shortest cycle through every module that is part of one.
fn shortest_cycles(dependencies: &Dependencies) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut cycles = BTreeSet::new();
    for module in dependencies.keys() {
        let path = shortest_cycle(dependencies, module);
        if !path.is_empty() && found.insert(path.iter().copied().collect::<BTreeSet<_>>()) {
            let steps = path.windows(2).map(|step| {
                let place = &dependencies[step[0]][step[1]];
                format!("  {} -> {}  ({place})\n", step[0], step[1])
            });
            cycles.insert(steps.collect());
        }
    }
    cycles
}

/// The shortest path from a module back to itself; empty if there is none.
fn shortest_cycle<'a>(dependencies: &'a Dependencies, module: &'a String) -> Vec<&'a str> {
    let mut paths = VecDeque::from([vec![module.as_str()]]);
    let mut visited = BTreeSet::new();
    while let Some(path) = paths.pop_front() {
        for used in dependencies[path[path.len() - 1]].keys() {
            let longer = [&path[..], &[used]].concat();
            if used == module {
                return longer;
            }
            if visited.insert(used) {
                paths.push_back(longer);
            }
        }
    }
    Vec::new()
}
