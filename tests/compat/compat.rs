//! Public functions of crates that know nothing of this one, with our numbers, against closed forms, published derivatives
//! or their own: one file a crate. docs/compatibility.md is held to the rows that stand at the head of each file.

mod common;
mod num_complex;

use common::Row;

/// All crates, in the order of the table.
const ROWS: &[&[Row]] = &[num_complex::ROWS];

#[test]
fn the_table_of_the_docs_is_this() {
    common::check_table(ROWS);
}
