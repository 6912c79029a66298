//! Colorings of some rows and some columns at once: star bicolorings of the bipartite graph of rows and columns.

use super::distance2::{columns, rows};
use super::palette::{Coloring, Palette};
use crate::sparse::order::{Buckets, Columns, Order};
use crate::sparse::pattern::Pattern;
use alloc::vec::Vec;

/// Colors some rows and some columns so that each entry can be read off directly by its row or by its column. Returns the
/// colors of the rows and those of the columns.
///
/// It needs few colors where some rows and some columns have many entries, and the others few. The two colorings are a star
/// bicoloring (Gebremedhin, Manne & Pothen 2005, section 6; Coleman & Verma, *The efficient computation of sparse Jacobian
/// matrices using automatic differentiation*, 1998). Rows and columns that cover all entries are chosen greedily, each time
/// the one with the most entries that are not covered yet, and a column before a row. Each entry belongs to the row or
/// column that covered it first. Then two chosen columns have different colors if some matrix row has entries in both, of
/// which one belongs to its column; likewise for rows. If the columns alone, or the rows alone, need no more colors, only
/// they are colored.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
/// use nilpotent::Error;
///
/// // The first row, the first column and the diagonal.
/// let arrow = Pattern::new(9, 9, (0..9).flat_map(|i| [(0, i), (i, 0), (i, i)]))?;
/// let [rows, columns] = color::bidirectional(&arrow, Order::Natural);
/// assert_eq!((rows.count(), columns.count()), (1, 2));
/// assert_eq!(color::columns(&arrow, Order::Natural).count(), 9);
/// # Ok::<(), Error>(())
/// ```
pub fn bidirectional(pattern: &Pattern, order: Order) -> [Coloring; 2] {
    let (transposed, positions) = pattern.transposed();
    let (m, n) = (pattern.rows(), pattern.columns());
    let by_column = cover(pattern, &transposed, &positions);
    let owned = |by: bool| by_column.iter().zip(pattern.entries()).filter(move |(b, _)| **b == by).map(|(_, e)| e);
    let pattern_of =
        |rows, columns, entries: Vec<_>| Pattern::new(rows, columns, entries).expect("entries of a pattern");
    let of_columns = pattern_of(m, n, owned(true).collect());
    let of_rows = pattern_of(n, m, owned(false).map(|(i, j)| (j, i)).collect());
    let mut best =
        [restricted(&transposed, pattern, &of_rows, order), restricted(pattern, &transposed, &of_columns, order)];
    let count = |colorings: &[Coloring; 2]| colorings[0].count + colorings[1].count;
    // A matrix row with k entries needs k colors of columns, so long ones need no trial.
    let longest = |pattern: &Pattern| (0..pattern.rows()).map(|i| pattern.row(i).len()).max().unwrap_or(0);
    if longest(&transposed) <= count(&best) {
        let alone = [rows(pattern, order), Coloring::none(n)];
        if count(&alone) <= count(&best) {
            best = alone;
        }
    }
    if longest(pattern) <= count(&best) {
        let alone = [Coloring::none(m), columns(pattern, order)];
        if count(&alone) <= count(&best) {
            best = alone;
        }
    }
    best
}

/// Covers all entries by rows and columns. Returns for each entry whether it was covered by its column.
fn cover(pattern: &Pattern, transposed: &Pattern, positions: &[usize]) -> Vec<bool> {
    let n = pattern.columns();
    let line = |k: usize| if k < n { transposed.range(k) } else { pattern.range(k - n) };
    let mut buckets = Buckets::new((0..n + pattern.rows()).map(|k| line(k).len()).collect());
    // For each entry whether its column covered it first, if it is covered.
    let mut by_column = alloc::vec![None; pattern.len()];
    while let Some(k) = buckets.take_largest() {
        for place in line(k) {
            let (position, crossing) = if k < n {
                (positions[place], n + transposed.indices()[place])
            } else {
                (place, pattern.indices()[place])
            };
            if by_column[position].is_none() {
                by_column[position] = Some(k < n);
                buckets.change(crossing, false);
            }
        }
    }
    by_column.into_iter().map(|by| by == Some(true)).collect()
}

/// Colors the columns that have entries of their own, given by the pattern `own`.
fn restricted(pattern: &Pattern, transposed: &Pattern, own: &Pattern, order: Order) -> Coloring {
    let mut palette = Palette::new(pattern.columns());
    let chosen = own.transposed().0;
    for j in order.vertices(&Columns { pattern: own, transposed: &chosen }) {
        let mut mine = chosen.row(j).iter().peekable();
        if mine.peek().is_none() {
            continue;
        }
        for &i in transposed.row(j) {
            let row = if mine.next_if_eq(&&i).is_some() { pattern.row(i) } else { own.row(i) };
            row.iter().for_each(|&k| palette.forbid(j, palette.colors[k]));
        }
        palette.choose(j);
    }
    palette.finish()
}
