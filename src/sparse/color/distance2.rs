//! Colorings of columns, or of rows: partial distance-2 colorings of the bipartite graph of rows and columns.

use super::palette::{Coloring, Palette};
use crate::sparse::order::{Columns, Order};
use crate::sparse::pattern::Pattern;

/// Colors the columns so that two columns of one color never have entries in the same matrix row.
///
/// The greedy partial distance-2 coloring of Gebremedhin, Manne & Pothen (2005), Algorithm 3.2. Its time is proportional to
/// the sum of the squares of the numbers of entries in the matrix rows.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
/// use nilpotent::Error;
///
/// // Three diagonals.
/// let entries = (0..5).flat_map(|i: usize| (i.saturating_sub(1)..(i + 2).min(5)).map(move |j| (i, j)));
/// let coloring = color::columns(&Pattern::new(5, 5, entries)?, Order::Natural);
/// assert_eq!(coloring.groups(), [vec![0, 3], vec![1, 4], vec![2]]);
/// # Ok::<(), Error>(())
/// ```
pub fn columns(pattern: &Pattern, order: Order) -> Coloring {
    partial(pattern, &pattern.transposed().0, order)
}

/// Colors the rows so that two matrix rows of one color never have entries in the same column.
///
/// It is the coloring of the [`columns`] of the transposed pattern.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
///
/// assert_eq!(color::rows(&Pattern::full(2, 9), Order::Natural).count(), 2);
/// ```
pub fn rows(pattern: &Pattern, order: Order) -> Coloring {
    partial(&pattern.transposed().0, pattern, order)
}

fn partial(pattern: &Pattern, transposed: &Pattern, order: Order) -> Coloring {
    let mut palette = Palette::new(pattern.columns());
    for j in order.vertices(&Columns { pattern, transposed }) {
        for &i in transposed.row(j) {
            pattern.row(i).iter().for_each(|&k| palette.forbid(j, palette.colors[k]));
        }
        palette.choose(j);
    }
    palette.finish()
}
