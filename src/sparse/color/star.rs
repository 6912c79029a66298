//! Star colorings of symmetric patterns.

use super::around::Around;
use super::palette::{Coloring, NONE, Palette};
use crate::error::Error;
use crate::sparse::order::Order;
use crate::sparse::pattern::Pattern;
use alloc::vec::Vec;

/// Colors the columns of a symmetric matrix so that each entry, or the one symmetric to it, can be read off directly.
///
/// In the graph whose edges are the entries outside of the diagonal, neighbors have different colors, and each path of four
/// vertices has at least three colors. Then the edges between two colors form stars. The algorithm is Algorithm 4.1 of
/// Gebremedhin, Tarafdar, Manne & Pothen (2007), which keeps these stars as it goes. Here they are kept for each vertex and
/// each color around it, so the time is proportional to the number of entries times the number of colors, and a full matrix
/// row does no harm.
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
    let mut around = Around::new(n);
    // The hub of each star; a star of one edge has none.
    let mut hubs: Vec<usize> = Vec::new();
    // For each color the vertex that met it last, and its first neighbor of that color.
    let mut first = Vec::new();
    for v in order.vertices(&pattern) {
        for k in pattern.range(v) {
            let w = pattern.indices()[k];
            let color = palette.colors[w];
            if w == v || color == NONE {
                continue;
            }
            palette.forbid(v, color);
            let (met, q) = first[color as usize];
            if met == v {
                // With two neighbors of one color, v must differ from all other neighbors of these two.
                for w in [q, w] {
                    around.of(w).for_each(|(color, _)| palette.forbid(v, color));
                }
            } else {
                first[color as usize] = (v, w);
                // The star in which w is not the hub has an edge from its hub to a third vertex.
                let foreign = |&(_, star): &(u32, usize)| hubs[star] != NO_HUB && hubs[star] != w;
                around.of(w).filter(foreign).for_each(|(color, _)| palette.forbid(v, color));
            }
        }
        let own = palette.choose(v);
        first.resize(first.len().max(own as usize + 1), (NO_HUB, NO_HUB));
        for (w, color) in palette.colored(pattern, v) {
            match (around.find(w, own), around.find(v, color)) {
                (Some(star), _) => {
                    hubs[star] = w;
                    around.add(v, color, star);
                }
                (None, Some(star)) => {
                    hubs[star] = v;
                    around.add(w, own, star);
                }
                (None, None) => {
                    hubs.push(NO_HUB);
                    around.add(v, color, hubs.len() - 1);
                    around.add(w, own, hubs.len() - 1);
                }
            }
        }
    }
    Ok(palette.finish())
}

/// In the place of a vertex: none.
const NO_HUB: usize = usize::MAX;
