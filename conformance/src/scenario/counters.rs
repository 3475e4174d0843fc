//! The values of `${…}` around a step.

/// The values of `${…}` around a step, from the outermost block: counters of `repeat`, and columns of `for each`.
#[derive(Debug, Clone, Default)]
pub struct Counters(Vec<(String, Value)>);

#[derive(Debug, Clone)]
enum Value {
    Number(usize),
    Text { bytes: Vec<u8>, written: String },
}

impl Counters {
    /// Adds a counter, which hides an outer one of the same name.
    pub fn with(&self, name: &str, value: usize) -> Self {
        self.and(name, Value::Number(value))
    }

    /// Adds a text, and how the scenario writes it.
    pub(super) fn with_text(&self, name: &str, bytes: Vec<u8>, written: &str) -> Self {
        let written = written.to_owned();
        self.and(name, Value::Text { bytes, written })
    }

    fn and(&self, name: &str, value: Value) -> Self {
        let mut inner = self.clone();
        inner.0.push((name.to_owned(), value));
        inner
    }

    /// Whether there is a value of this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether it is a text, which nothing can be added to.
    pub(super) fn is_text(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Text { .. }))
    }

    /// Each name and its value: a number, or a text as the scenario writes it.
    pub fn values(&self) -> Vec<(String, String)> {
        let values = self.0.iter().map(|(name, value)| {
            let value = match value {
                Value::Number(number) => number.to_string(),
                Value::Text { written, .. } => written.clone(),
            };
            (name.clone(), value)
        });
        values.collect()
    }

    /// Writes a value; `plus` is added to a number.
    pub(super) fn write(&self, name: &str, plus: usize, out: &mut Vec<u8>) {
        match self.value(name) {
            Some(Value::Number(number)) => {
                out.extend_from_slice((number + plus).to_string().as_bytes());
            }
            Some(Value::Text { bytes, .. }) => out.extend_from_slice(bytes),
            // The parser refuses unknown names.
            None => {}
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let mut innermost_first = self.0.iter().rev();
        let found = innermost_first.find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }
}
