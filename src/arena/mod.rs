//! What every recording has, whatever it records: ids, the buffers of a thread, and the panics because of misuse.

pub(crate) mod misuse;
pub(crate) mod buffers;
pub(crate) mod open;
