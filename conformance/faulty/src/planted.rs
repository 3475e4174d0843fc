//! What can be planted in a program: faults, each of which breaks a requirement, and habits, which break none.

use clap::ValueEnum;

/// A fault or a habit that the command line can turn on by name.
pub(crate) trait Planted: ValueEnum {
    /// The id of the requirement that a fault breaks. `None` for a habit.
    fn requirement(&self) -> Option<&'static str>;
}

/// Defines an enum of faults or habits with one row each: the variant, the requirement that a fault breaks, and a sentence
/// that says what the program does. On the command line the variant is written in kebab case.
macro_rules! planted {
    ($(#[$attribute:meta])* $name:ident { $($variant:ident $($requirement:literal)?: $sentence:literal;)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
        pub(crate) enum $name {
            $(#[doc = $sentence] #[value(help = $sentence)] $variant,)*
        }

        impl crate::planted::Planted for $name {
            fn requirement(&self) -> Option<&'static str> {
                match self { $(Self::$variant => [$($requirement)?].first().copied(),)* }
            }
        }
    };
}
pub(crate) use planted;

/// Lists all faults or habits for `--list`: the requirement or `habit`, the name, the sentence.
pub(crate) fn list<T: Planted>() -> String {
    let row = |planted: &T| {
        let value = planted.to_possible_value()?;
        let (name, sentence) = (value.get_name(), value.get_help()?);
        let kind = planted.requirement().unwrap_or("habit");
        Some(format!("{kind:<9} {name:<34} {sentence}\n"))
    };
    T::value_variants().iter().filter_map(row).collect()
}

/// Parses a name from the command line.
///
/// # Errors
/// Nothing has this name. The message does not repeat all names, because there are hundreds.
pub(crate) fn parse<T: Planted>(name: &str) -> Result<T, String> {
    T::from_str(name, false).map_err(|_| "there is no such name; --list shows them all".to_owned())
}
