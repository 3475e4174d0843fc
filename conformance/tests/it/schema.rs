//! JSON reports and their JSON Schema.

#![expect(clippy::expect_used, reason = "a test may panic")]

use assert_cmd::Command;
use serde_json::Value;

/// Asserts that `json` fulfils the schema that the command prints, and that it no longer does without `field`, so that the
/// schema is not empty.
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
