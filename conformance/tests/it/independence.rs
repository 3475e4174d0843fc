//! The suite shares no code with the programs that it judges: which packages may depend on which.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, MetadataCommand, PackageId};
use rstest::{fixture, rstest};

/// The packages of the workspace, and their normal, build and development dependencies.
struct Workspace {
    metadata: Metadata,
    dependencies: BTreeMap<PackageId, Vec<PackageId>>,
}

#[fixture]
#[once]
fn workspace() -> Workspace {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .exec()
        .unwrap();
    let nodes = metadata.resolve.as_ref().unwrap().nodes.iter();
    let dependencies = nodes
        .map(|node| (node.id.clone(), node.dependencies.clone()))
        .collect();
    Workspace {
        metadata,
        dependencies,
    }
}

impl Workspace {
    /// The packages of the workspace in a folder, by name.
    fn members_in(&self, folder: &str) -> BTreeSet<String> {
        let folder = self.metadata.workspace_root.join(folder);
        let packages = self.metadata.workspace_packages().into_iter();
        packages
            .filter(|package| package.manifest_path.starts_with(&folder))
            .map(|package| package.name.to_string())
            .collect()
    }

    /// The packages of the workspace that a package depends on, directly or through others.
    fn members_below(&self, name: &str) -> BTreeSet<String> {
        let members = self.metadata.workspace_packages();
        let start = members.iter().find(|package| package.name == name).unwrap();
        let mut reached = BTreeSet::new();
        let mut queue = vec![&start.id];
        while let Some(id) = queue.pop() {
            let new = self.dependencies[id].iter();
            queue.extend(new.filter(|id| reached.insert(*id)));
        }
        members
            .iter()
            .filter(|package| reached.contains(&package.id))
            .map(|package| package.name.to_string())
            .collect()
    }
}

#[rstest]
#[case("conformance", "impl")]
#[case("conformance", "conformance/faulty")]
#[case("conformance-driver", "impl")]
#[case("conformance-driver", "conformance")]
#[case("conformance-load", "impl")]
#[case("conformance-load", "conformance/faulty")]
#[case("salotto-faulty", "impl")]
#[case("salotto-faulty", "conformance")]
fn nothing_in_the_folder_is_a_dependency(
    workspace: &Workspace,
    #[case] package: &str,
    #[case] folder: &str,
) {
    let forbidden = workspace.members_in(folder);
    assert!(!forbidden.is_empty());
    let below = workspace.members_below(package);
    assert!(below.is_disjoint(&forbidden), "{package}: {below:?}");
}

#[rstest]
fn no_program_under_test_depends_on_the_suite(workspace: &Workspace) {
    let suite = workspace.members_in("conformance");
    for package in workspace.members_in("impl") {
        let below = workspace.members_below(&package);
        assert!(below.is_disjoint(&suite), "{package}: {below:?}");
    }
}

/// The graph that the other tests read contains the dependencies that are there.
#[rstest]
#[case("conformance", "conformance-driver")]
#[case("conformance-load", "conformance-driver")]
#[case("salotto-server", "salotto-protocol")]
fn is_a_dependency(workspace: &Workspace, #[case] package: &str, #[case] dependency: &str) {
    assert!(workspace.members_below(package).contains(dependency));
}

#[rstest]
fn the_room_has_no_runtime(workspace: &Workspace) {
    let packages = workspace.metadata.workspace_packages();
    let room = packages
        .iter()
        .find(|package| package.name == "salotto-room");
    let direct = room.iter().flat_map(|room| &room.dependencies);
    for dependency in direct {
        assert_ne!(dependency.name, "tokio");
    }
}
