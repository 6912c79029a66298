//! The order in which a greedy coloring takes the vertices of a graph.

use super::pattern::Pattern;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// The order in which a greedy coloring takes its vertices. It decides how many colors are used.
///
/// Vertices are columns, rows, or both. Two columns are neighbors if some matrix row has entries in both; in a symmetric
/// pattern i and j are neighbors if (i, j) is an entry. The orders are those of section 4 of Gebremedhin, Manne & Pothen
/// (2005). All take a time proportional to the number of pairs of neighbors.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
/// use nilpotent::Error;
///
/// // A path through the vertices 0, 2, 4, 5, 3, 1, whose ends have the lowest numbers.
/// let path = [(0, 2), (2, 4), (4, 5), (5, 3), (3, 1)];
/// let edges = path.into_iter().chain((0..6).map(|i| (i, i)));
/// let pattern = Pattern::new(6, 6, edges)?.symmetric()?;
/// let count = |order| color::columns(&pattern, order).count();
/// assert_eq!((count(Order::Natural), count(Order::SmallestLast)), (4, 3));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// By index. It is the best order for bands.
    #[default]
    Natural,
    /// By the number of neighbors, the largest first (Welsh & Powell 1967).
    LargestFirst,
    /// The vertex with the fewest neighbors comes last, and the others are ordered without it (Matula & Beck 1983).
    SmallestLast,
    /// The next vertex is the one with the most neighbors that have been taken (Coleman & Moré 1983).
    IncidenceDegree,
    /// The next vertex is the one with the most neighbors that have not been taken.
    DynamicLargestFirst,
}

/// A graph whose vertices can be ordered.
pub(super) trait Graph {
    fn vertices(&self) -> usize;

    /// Calls `visit` with the neighbors of v, with some perhaps more than once or with v itself.
    fn visit(&self, v: usize, visit: impl FnMut(usize));
}

/// The graph of a symmetric pattern: its entries outside of the diagonal are the edges.
impl Graph for &Pattern {
    fn vertices(&self) -> usize {
        self.rows()
    }

    fn visit(&self, v: usize, visit: impl FnMut(usize)) {
        self.row(v).iter().copied().for_each(visit);
    }
}

/// The graph of the columns of a pattern, and its transposed pattern. Neighbors have entries in the same matrix row.
pub(super) struct Columns<'p> {
    pub(super) pattern: &'p Pattern,
    pub(super) transposed: &'p Pattern,
}

impl Graph for Columns<'_> {
    fn vertices(&self) -> usize {
        self.pattern.columns()
    }

    fn visit(&self, v: usize, mut visit: impl FnMut(usize)) {
        self.transposed.row(v).iter().for_each(|&i| self.pattern.row(i).iter().copied().for_each(&mut visit));
    }
}

impl Order {
    /// Returns all vertices in this order.
    pub(super) fn vertices(self, graph: &impl Graph) -> Vec<usize> {
        let n = graph.vertices();
        let mut vertices: Vec<usize> = (0..n).collect();
        if self == Self::Natural {
            return vertices;
        }
        let mut seen = vec![NONE; n];
        let mut degrees = vec![0; n];
        for (v, degree) in degrees.iter_mut().enumerate() {
            distinct(graph, v, &mut seen, |_| *degree += 1);
        }
        if self == Self::LargestFirst {
            vertices.sort_by_key(|&v| Reverse(degrees[v]));
            return vertices;
        }
        seen.fill(NONE);
        let mut buckets = Buckets::new(if self == Self::IncidenceDegree { vec![0; n] } else { degrees });
        vertices.clear();
        while let Some(v) = if self == Self::SmallestLast { buckets.take_least() } else { buckets.take_largest() } {
            vertices.push(v);
            distinct(graph, v, &mut seen, |u| buckets.change(u, self == Self::IncidenceDegree));
        }
        if self == Self::SmallestLast {
            vertices.reverse();
        }
        vertices
    }
}

/// Visits each neighbor of v once. For each vertex `seen` holds the one whose neighbors were visited when it was seen last.
fn distinct(graph: &impl Graph, v: usize, seen: &mut [usize], mut visit: impl FnMut(usize)) {
    graph.visit(v, |u| {
        if u != v && seen[u] != v {
            seen[u] = v;
            visit(u);
        }
    });
}

/// Items with keys that change by 1. Finding the least or largest key takes constant time on average.
pub(super) struct Buckets {
    keys: Vec<usize>,
    /// The first item of each key, and the items after and before each item with the same key.
    first: Vec<usize>,
    next: Vec<usize>,
    before: Vec<usize>,
    /// No item has a key below the least one, or above the largest one.
    least: usize,
    largest: usize,
}

/// In the place of an item: none.
const NONE: usize = usize::MAX;
/// In the place of a key: the item has been taken.
const TAKEN: usize = usize::MAX;

impl Buckets {
    pub(super) fn new(keys: Vec<usize>) -> Self {
        let n = keys.len();
        let most = keys.iter().copied().max().unwrap_or(0).max(n);
        let mut buckets = Self {
            first: vec![NONE; most + 1],
            next: vec![NONE; n],
            before: vec![NONE; n],
            least: 0,
            largest: most,
            keys,
        };
        // Of equal items the first one is in front.
        (0..n).rev().for_each(|item| buckets.link(item));
        buckets
    }

    fn link(&mut self, item: usize) {
        let first = &mut self.first[self.keys[item]];
        (self.before[item], self.next[item]) = (NONE, *first);
        if *first != NONE {
            self.before[*first] = item;
        }
        *first = item;
    }

    fn unlink(&mut self, item: usize) {
        let (before, next) = (self.before[item], self.next[item]);
        if before == NONE {
            self.first[self.keys[item]] = next;
        } else {
            self.next[before] = next;
        }
        if next != NONE {
            self.before[next] = before;
        }
    }

    /// Adds 1 to the key of an item that has not been taken, or subtracts 1.
    pub(super) fn change(&mut self, item: usize, up: bool) {
        let key = self.keys[item];
        if key == TAKEN {
            return;
        }
        self.unlink(item);
        let key = if up { key + 1 } else { key - 1 };
        self.keys[item] = key;
        (self.least, self.largest) = (self.least.min(key), self.largest.max(key));
        self.link(item);
    }

    fn take(&mut self, key: usize) -> usize {
        let item = self.first[key];
        self.unlink(item);
        self.keys[item] = TAKEN;
        item
    }

    fn take_least(&mut self) -> Option<usize> {
        self.least += self.first.get(self.least..)?.iter().position(|&first| first != NONE)?;
        Some(self.take(self.least))
    }

    pub(super) fn take_largest(&mut self) -> Option<usize> {
        self.largest = self.first[..=self.largest].iter().rposition(|&first| first != NONE)?;
        Some(self.take(self.largest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each order, by its definition, on random graphs.
    #[test]
    fn orders_are_what_they_say() {
        let mut bits = 1_u64;
        let mut below = |n: u64| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((bits >> 33) % n) as usize
        };
        for _ in 0..300 {
            let (n, m) = (below(9), below(20));
            let entries: Vec<_> = (0..m).filter(|_| n > 0).map(|_| (below(n as u64), below(n as u64))).collect();
            let pattern = &Pattern::new(n, n, entries).unwrap().symmetric().unwrap();
            let common = |v: usize, among: &[usize]| {
                among.iter().filter(|&&u| u != v && pattern.position(v, u).is_some()).count()
            };
            let all: Vec<usize> = (0..n).collect();
            let order = |order: Order| {
                let vertices = order.vertices(&pattern);
                let mut sorted = vertices.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, all);
                vertices
            };
            assert_eq!(order(Order::Natural), all);
            assert!(order(Order::LargestFirst).is_sorted_by_key(|&v| (Reverse(common(v, &all)), v)));
            let (last, incidence, dynamic) =
                (order(Order::SmallestLast), order(Order::IncidenceDegree), order(Order::DynamicLargestFirst));
            for k in 0..n {
                let among = &last[..=k];
                assert!(among.iter().all(|&v| common(last[k], among) <= common(v, among)), "{among:?} of\n{pattern}");
                let (done, left) = incidence.split_at(k);
                assert!(left.iter().all(|&v| common(left[0], done) >= common(v, done)), "{incidence:?} of\n{pattern}");
                let left = &dynamic[k..];
                assert!(left.iter().all(|&v| common(left[0], left) >= common(v, left)), "{dynamic:?} of\n{pattern}");
            }
        }
    }
}
