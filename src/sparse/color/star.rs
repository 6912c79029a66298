//! Star colorings of symmetric patterns.

use super::palette::{Coloring, Palette};
use crate::error::Error;
use crate::sparse::order::Order;
use crate::sparse::pattern::Pattern;
use alloc::vec;
use alloc::vec::Vec;

/// Colors the columns of a symmetric matrix so that each entry, or the one symmetric to it, can be read off directly.
///
/// In the graph whose edges are the entries outside of the diagonal, neighbors have different colors, and each path of four
/// vertices has at least three colors. Then the edges between two colors form stars. The algorithm is Algorithm 4.1 of
/// Gebremedhin, Tarafdar, Manne & Pothen (2007), which keeps these stars as it goes.
///
/// Of a pattern that is not symmetric, such as a triangle, its [`symmetric`](Pattern::symmetric) pattern is colored.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
/// use nilpotent::Error;
///
/// // An arrow: the first column needs a color of its own, and the others share one.
/// let arrow = Pattern::new(9, 9, (0..9).flat_map(|i| [(i, 0), (i, i)]))?;
/// assert_eq!(color::star(&arrow, Order::Natural)?.count(), 2);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::WrongLength`] if the matrix is not square.
pub fn star(pattern: &Pattern, order: Order) -> Result<Coloring, Error> {
    let pattern = &pattern.symmetric()?;
    let n = pattern.rows();
    let mut palette = Palette::new(n);
    let mut stars = Stars { pattern, edges: edges(pattern), of: vec![NONE; pattern.len()], hubs: Vec::new() };
    // For each color the vertex that met it last, and the position of its first neighbor of that color.
    let mut first = Vec::new();
    // The vertex for which all neighbors of a vertex have been forbidden.
    let mut treated = vec![NONE; n];
    for v in order.vertices(&pattern) {
        for (position, &w) in pattern.range(v).zip(pattern.row(v)) {
            if w == v || !palette.is_colored(w) {
                continue;
            }
            palette.forbid(v, w);
            let (met, before) = first[palette.colors[w] as usize];
            if met == v {
                // With two neighbors of one color, v must differ from all other neighbors of these two.
                for w in [pattern.indices()[before], w] {
                    if treated[w] != v {
                        treated[w] = v;
                        pattern.row(w).iter().for_each(|&x| palette.forbid(v, x));
                    }
                }
            } else {
                first[palette.colors[w] as usize] = (v, position);
                // A star that ends in w with the hub x has an edge from x to a third vertex.
                for (x, star) in stars.around(w) {
                    if star != NONE && stars.hubs[star] == x {
                        palette.forbid(v, x);
                    }
                }
            }
        }
        palette.choose(v);
        first.resize(first.len().max(palette.colors[v] as usize + 1), (NONE, NONE));
        stars.extend(v, &palette, &first);
    }
    Ok(palette.finish())
}

const NONE: usize = usize::MAX;

/// For each position in a symmetric pattern the lower one of the positions of (i, j) and (j, i): the number of an edge.
pub(super) fn edges(pattern: &Pattern) -> Vec<usize> {
    pattern.transposed().1.into_iter().enumerate().map(|(position, mirror)| position.min(mirror)).collect()
}

/// The stars that edges between two colors form.
struct Stars<'p> {
    pattern: &'p Pattern,
    edges: Vec<usize>,
    /// The star of each edge.
    of: Vec<usize>,
    /// The hub of each star; a star of one edge has none.
    hubs: Vec<usize>,
}

impl Stars<'_> {
    /// The neighbors of w with the stars of their edges, which may be none; also w itself.
    fn around(&self, w: usize) -> impl Iterator<Item = (usize, usize)> {
        self.pattern.range(w).zip(self.pattern.row(w)).map(|(position, &x)| (x, self.of[self.edges[position]]))
    }

    /// Adds the edges of v, which has just been colored.
    fn extend(&mut self, v: usize, palette: &Palette, first: &[(usize, usize)]) {
        for position in self.pattern.range(v) {
            let w = self.pattern.indices()[position];
            if w == v || !palette.is_colored(w) {
                continue;
            }
            let same = |&(x, _): &(usize, usize)| x != v && palette.colors[x] == palette.colors[v];
            let before = first[palette.colors[w] as usize].1;
            let shared = self.around(w).find(same);
            let star = if let Some((_, star)) = shared {
                self.hubs[star] = w;
                star
            } else if before != position {
                // An earlier neighbor of v has the color of w.
                let star = self.of[self.edges[before]];
                self.hubs[star] = v;
                star
            } else {
                self.hubs.push(NONE);
                self.hubs.len() - 1
            };
            self.of[self.edges[position]] = star;
        }
    }
}
