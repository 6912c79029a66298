//! Acyclic colorings of symmetric patterns.

use super::around::Around;
use super::palette::{Coloring, Palette};
use crate::error::Error;
use crate::sparse::order::Order;
use crate::sparse::pattern::Pattern;
use alloc::vec::Vec;

/// Colors the columns of a symmetric matrix so that its entries can be found by substitution, one after another.
///
/// In the graph whose edges are the entries outside of the diagonal, neighbors have different colors, and each cycle has at
/// least three colors. Then the edges between two colors form trees, and substitution goes from the leaves inwards. The
/// algorithm is Algorithm 3.1 of Gebremedhin, Tarafdar, Manne & Pothen (2007), which keeps these trees as disjoint sets.
/// An acyclic coloring has fewer colors than a [`star`](super::star) coloring, but differences lose digits if the entries
/// differ much in size.
///
/// Of a pattern that is not symmetric, such as a triangle, its [`symmetric`](Pattern::symmetric) pattern is colored.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
/// use nilpotent::Error;
///
/// // Three diagonals: their graph is a path.
/// let path = Pattern::new(9, 9, (0..9).map(|i| (i, i)).chain((1..9).map(|i| (i, i - 1))))?;
/// assert_eq!(color::acyclic(&path, Order::Natural)?.count(), 2);
/// assert_eq!(color::star(&path, Order::Natural)?.count(), 3);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongLength`] if the matrix is not square.
pub fn acyclic(pattern: &Pattern, order: Order) -> Result<Coloring, Error> {
    let pattern = &pattern.symmetric()?;
    let n = pattern.rows();
    let mut palette = Palette::new(n);
    // Each edge belongs to the tree of the edges that are joined to it by edges of the same two colors.
    let mut around = Around::new(n);
    let mut trees = Sets { parents: Vec::new() };
    // For each tree the vertex that met it last, and by which neighbor.
    let mut visited = Vec::new();
    for v in order.vertices(&pattern) {
        for &w in pattern.row(v) {
            palette.forbid(v, palette.colors[w]);
        }
        for &w in pattern.row(v) {
            // Around a vertex without a color nothing is noted.
            for (color, tree) in around.of(w) {
                if palette.forbids(v, color) {
                    continue;
                }
                // If v meets a tree twice, v must not have the other color of that tree.
                let (met, by) = &mut visited[trees.find(tree)];
                if *met != v {
                    (*met, *by) = (v, w);
                } else if *by != w {
                    palette.forbid(v, color);
                }
            }
        }
        let own = palette.choose(v);
        for (w, color) in palette.colored(pattern, v) {
            match (around.find(w, own), around.find(v, color)) {
                (Some(a), Some(b)) => trees.join(a, b),
                (Some(tree), None) => around.add(v, color, tree),
                (None, Some(tree)) => around.add(w, own, tree),
                (None, None) => {
                    let tree = trees.parents.len();
                    trees.parents.push(tree);
                    visited.push((usize::MAX, usize::MAX));
                    around.add(v, color, tree);
                    around.add(w, own, tree);
                }
            }
        }
    }
    Ok(palette.finish())
}

/// Disjoint sets of trees, by paths to a common parent (Tarjan & van Leeuwen 1984, path halving).
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn find(&mut self, mut item: usize) -> usize {
        while self.parents[item] != item {
            self.parents[item] = self.parents[self.parents[item]];
            item = self.parents[item];
        }
        item
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a] = b;
    }
}
