//! Acyclic colorings of symmetric patterns.

use super::palette::{Coloring, Palette};
use super::star::edges;
use crate::error::Error;
use crate::sparse::order::Order;
use crate::sparse::pattern::Pattern;
use alloc::vec;
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
    let edges = edges(pattern);
    let mut palette = Palette::new(n);
    // Each edge belongs to the tree of the edges that are joined to it by edges of the same two colors.
    let mut trees = Sets { parents: (0..pattern.len()).collect() };
    // For each tree the vertex that met it last, and by which neighbor.
    let mut visited = vec![(NONE, NONE); pattern.len()];
    // For each color the vertex that met it last, and the edge to its first neighbor of that color.
    let mut first = Vec::new();
    for v in order.vertices(&pattern) {
        let colored = |palette: &Palette, w: usize| w != v && palette.is_colored(w);
        for &w in pattern.row(v) {
            palette.forbid(v, w);
        }
        for &w in pattern.row(v) {
            if !colored(&palette, w) {
                continue;
            }
            for (position, &x) in pattern.range(w).zip(pattern.row(w)) {
                if x == w || !colored(&palette, x) || palette.forbids(v, x) {
                    continue;
                }
                // If v meets a tree twice, v must not have the other color of that tree.
                let (met, by) = &mut visited[trees.find(edges[position])];
                if *met != v {
                    (*met, *by) = (v, w);
                } else if *by != w {
                    palette.forbid(v, x);
                }
            }
        }
        palette.choose(v);
        first.resize(first.len().max(palette.colors[v] as usize + 1), (NONE, NONE));
        for (position, &w) in pattern.range(v).zip(pattern.row(v)).filter(|&(_, &w)| colored(&palette, w)) {
            let first = &mut first[palette.colors[w] as usize];
            if first.0 == v {
                trees.join(edges[position], first.1);
            } else {
                *first = (v, edges[position]);
            }
            for (other, &x) in pattern.range(w).zip(pattern.row(w)) {
                if colored(&palette, x) && palette.colors[x] == palette.colors[v] {
                    trees.join(edges[position], edges[other]);
                }
            }
        }
    }
    Ok(palette.finish())
}

const NONE: usize = usize::MAX;

/// Disjoint sets of edges, by paths to a common parent (Tarjan & van Leeuwen 1984, path halving).
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
