//! The suite shares no code with what it judges.

use std::collections::{BTreeSet, VecDeque};

use cargo_metadata::MetadataCommand;

#[test]
fn nothing_in_impl_is_a_dependency_of_the_suite() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .exec()
        .unwrap();
    let resolve = metadata.resolve.as_ref().unwrap();
    let start = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == "conformance")
        .unwrap();

    let mut reached = BTreeSet::new();
    let mut queue = VecDeque::from([start.id.clone()]);
    while let Some(id) = queue.pop_front() {
        let node = resolve.nodes.iter().find(|node| node.id == id).unwrap();
        // Normal, build and test dependencies alike.
        queue.extend(
            node.dependencies
                .iter()
                .filter(|id| reached.insert((*id).clone()))
                .cloned(),
        );
    }
    assert!(reached.len() > 10, "the graph was read");

    let root = metadata.workspace_root.join("impl");
    let shared: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| reached.contains(&package.id) && package.manifest_path.starts_with(&root))
        .collect();
    assert!(shared.is_empty(), "conformance depends on {shared:?}");
    assert!(
        metadata
            .packages
            .iter()
            .any(|package| package.manifest_path.starts_with(&root)),
        "impl/ has packages"
    );
}
