//! Tests of the room through its public interface.
#![forbid(unsafe_code)]

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod test_room;
