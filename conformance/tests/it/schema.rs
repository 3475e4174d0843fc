//! What scripts read is described.

#![expect(clippy::expect_used, reason = "a test that cannot look has failed")]

use assert_cmd::Command;
use serde_json::Value;

/// Asserts that JSON is as the schema says that these arguments print; and that the schema says something: without this field
/// it is not.
#[track_caller]
pub(crate) fn describes(arguments: &[&str], json: &Value, field: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    let printed = command.args(arguments).assert().success();
    let schema = serde_json::from_slice(&printed.get_output().stdout).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let errors: Vec<_> = schema
        .iter_errors(json)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut broken = json.clone();
    broken.as_object_mut().expect("an object").remove(field);
    assert!(!schema.is_valid(&broken), "valid without {field}");
}
