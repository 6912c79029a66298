//! Colorings of patterns, by slow checkers that say what a coloring of each kind is, and numbers of colors that are known.

#[path = "common/random.rs"]
mod random;

use nilpotent::sparse::color::{self, Coloring};
use nilpotent::sparse::{Order, Pattern};
use random::Random;

const ORDERS: [Order; 5] =
    [Order::Natural, Order::LargestFirst, Order::SmallestLast, Order::IncidenceDegree, Order::DynamicLargestFirst];

/// The matrix as rows of 0 and 1.
fn dense(pattern: &Pattern) -> Vec<Vec<bool>> {
    let mut dense = vec![vec![false; pattern.columns()]; pattern.rows()];
    pattern.entries().for_each(|(i, j)| dense[i][j] = true);
    dense
}

/// A band with p diagonals below the main one, and q above it.
fn band(n: usize, p: usize, q: usize) -> Pattern {
    let row = |i: usize| (i.saturating_sub(p)..n.min(i + q + 1)).map(move |j| (i, j));
    Pattern::new(n, n, (0..n).flat_map(row)).unwrap()
}

fn arrow(n: usize) -> Pattern {
    Pattern::new(n, n, (0..n).flat_map(|i| [(0, i), (i, 0), (i, i)])).unwrap()
}

/// The five points of the Laplacian on a grid.
fn grid(a: usize, b: usize) -> Pattern {
    let place = |i: usize, j: usize| i * b + j;
    let neighbors = |i: usize, j: usize| {
        let mut entries = vec![(place(i, j), place(i, j))];
        entries.extend((i + 1 < a).then(|| (place(i, j), place(i + 1, j))));
        entries.extend((j + 1 < b).then(|| (place(i, j), place(i, j + 1))));
        entries
    };
    let all = (0..a).flat_map(|i| (0..b).flat_map(move |j| neighbors(i, j)));
    Pattern::new(a * b, a * b, all).unwrap().symmetric().unwrap()
}

/// Full blocks along the diagonal.
fn blocks(sizes: &[usize]) -> Pattern {
    let n = sizes.iter().sum();
    let (mut entries, mut start) = (Vec::new(), 0);
    for &size in sizes {
        entries.extend((start..start + size).flat_map(|i| (start..start + size).map(move |j| (i, j))));
        start += size;
    }
    Pattern::new(n, n, entries).unwrap()
}

/// Two variables of different halves always meet, and two of one half never do.
fn bipartite(a: usize, b: usize) -> Pattern {
    let entries = (0..a).flat_map(|i| (a..a + b).map(move |j| (i, j)));
    Pattern::new(a + b, a + b, entries).unwrap().symmetric().unwrap()
}

fn structured() -> Vec<Pattern> {
    let mut all = vec![grid(1, 1), grid(4, 5), grid(6, 6), blocks(&[1, 3, 0, 2, 4]), bipartite(1, 6), bipartite(4, 3)];
    all.extend((0..5).flat_map(|p| (0..5).map(move |q| band(13, p, q))));
    all.extend((0..4).map(arrow));
    all.push(arrow(12));
    all.extend([(0, 0), (0, 4), (4, 0), (1, 5), (5, 1), (5, 6)].map(|(m, n)| Pattern::full(m, n)));
    all.extend([(3, 4), (1, 1)].map(|(m, n)| Pattern::new(m, n, []).unwrap()));
    all.push(Pattern::new(4, 5, [(0, 0), (0, 4), (3, 1)]).unwrap());
    all
}

/// A pattern with up to 11 rows and columns, of any density, some rows and columns of which may be full.
fn random_pattern(random: &mut Random) -> Pattern {
    let (m, n) = (random.below(12), random.below(12));
    let mut entries = Vec::new();
    if m * n > 0 {
        let most = [m + n, 2 * (m + n), m * n][random.below(3)];
        let count = random.below(1 + most);
        entries.extend((0..count).map(|_| (random.below(m), random.below(n))));
        if random.below(4) == 0 {
            let (row, column) = (random.below(m), random.below(n));
            entries.extend((0..n).map(|j| (row, j)));
            entries.extend((0..m).map(|i| (i, column)));
        }
    }
    Pattern::new(m, n, entries).unwrap()
}

/// Each vertex has a color below the number of colors, and each color is used.
fn complete(coloring: &Coloring, vertices: usize) {
    assert_eq!(coloring.len(), vertices);
    let mut used = vec![false; coloring.count()];
    (0..vertices).for_each(|v| used[coloring.color(v).expect("a color")] = true);
    assert!(used.iter().all(|&used| used));
}

fn same(coloring: &Coloring, a: usize, b: usize) -> bool {
    a != b && coloring.color(a).is_some() && coloring.color(a) == coloring.color(b)
}

fn check_columns(pattern: &Pattern, coloring: &Coloring) {
    complete(coloring, pattern.columns());
    let n = pattern.columns();
    for row in dense(pattern) {
        assert!(
            !(0..n).any(|a| (0..n).any(|b| row[a] && row[b] && same(coloring, a, b))),
            "{coloring:?} of\n{pattern}"
        );
    }
}

fn check_rows(pattern: &Pattern, coloring: &Coloring) {
    check_columns(&pattern.transposed().0, coloring);
}

/// Each entry is alone in its row among the columns of its color, or in its column among the rows of its color.
fn check_bidirectional(pattern: &Pattern, [rows, columns]: &[Coloring; 2]) {
    let a = dense(pattern);
    for (i, j) in pattern.entries() {
        let by_column = columns.color(j).is_some() && !(0..pattern.columns()).any(|k| a[i][k] && same(columns, j, k));
        let by_row = rows.color(i).is_some() && !(0..pattern.rows()).any(|k| a[k][j] && same(rows, i, k));
        assert!(by_column || by_row, "{i}, {j} with {rows:?}, {columns:?} of\n{pattern}");
    }
}

/// The neighbors of v that have this color.
fn of_color(a: &[Vec<bool>], coloring: &Coloring, v: usize, color: Option<usize>) -> Vec<usize> {
    (0..a.len()).filter(|&u| u != v && (a[v][u] || a[u][v]) && coloring.color(u) == color).collect()
}

/// No two neighbors have one color, and no path of four vertices has two colors.
fn check_star(pattern: &Pattern, coloring: &Coloring) {
    complete(coloring, pattern.columns());
    let a = dense(pattern);
    for (v, u) in pattern.entries().filter(|(v, u)| v != u) {
        let (of_v, of_u) = (coloring.color(v), coloring.color(u));
        assert_ne!(of_v, of_u, "{coloring:?} of\n{pattern}");
        let ends = [of_color(&a, coloring, v, of_u), of_color(&a, coloring, u, of_v)];
        assert!(ends.iter().any(|others| others.len() == 1), "{v}, {u} with {coloring:?} of\n{pattern}");
    }
}

/// No two neighbors have one color, and no cycle has two colors: leaves can be taken away until nothing is left.
fn check_acyclic(pattern: &Pattern, coloring: &Coloring) {
    complete(coloring, pattern.columns());
    let a = dense(pattern);
    for c in 0..coloring.count() {
        assert!((0..a.len()).all(|v| coloring.color(v) != Some(c) || of_color(&a, coloring, v, Some(c)).is_empty()));
        for d in 0..c {
            let mut left: Vec<usize> =
                (0..a.len()).filter(|&v| [Some(c), Some(d)].contains(&coloring.color(v))).collect();
            let degree = |v: usize, left: &[usize]| left.iter().filter(|&&u| u != v && (a[v][u] || a[u][v])).count();
            while let Some(leaf) = left.iter().position(|&v| degree(v, &left) <= 1) {
                left.remove(leaf);
            }
            assert!(left.is_empty(), "a cycle in {left:?} with {coloring:?} of\n{pattern}");
        }
    }
}

fn check_all(pattern: &Pattern, order: Order) {
    let (rows, columns) = (color::rows(pattern, order), color::columns(pattern, order));
    check_rows(pattern, &rows);
    check_columns(pattern, &columns);
    let both = color::bidirectional(pattern, order);
    check_bidirectional(pattern, &both);
    assert!(both[0].count() + both[1].count() <= rows.count().min(columns.count()));
    if pattern.rows() == pattern.columns() {
        let [star, acyclic] = [color::star, color::acyclic].map(|color| color(pattern, order).unwrap());
        check_star(pattern, &star);
        check_acyclic(pattern, &acyclic);
        // Of a triangle the symmetric pattern is colored.
        assert_eq!(color::star(&pattern.symmetric().unwrap(), order), Ok(star));
        assert_eq!(color::acyclic(&pattern.symmetric().unwrap(), order), Ok(acyclic));
    }
}

#[test]
fn colorings_of_structured_patterns_are_valid() {
    for pattern in structured() {
        ORDERS.iter().for_each(|&order| check_all(&pattern, order));
    }
}

#[test]
fn colorings_of_random_patterns_are_valid() {
    let mut random = Random(3);
    for k in 0..10_000 {
        check_all(&random_pattern(&mut random), ORDERS[k % ORDERS.len()]);
    }
}

/// Square patterns, of which most random ones above are none.
#[test]
fn colorings_of_random_symmetric_patterns_are_valid() {
    let mut random = Random(4);
    for k in 0..10_000 {
        let n = 1 + random.below(14);
        let count = random.below(3 * n);
        let pattern = Pattern::new(n, n, (0..count).map(|_| (random.below(n), random.below(n)))).unwrap();
        let order = ORDERS[k % ORDERS.len()];
        check_star(&pattern, &color::star(&pattern, order).unwrap());
        check_acyclic(&pattern, &color::acyclic(&pattern, order).unwrap());
    }
}

/// The least numbers of colors of bands. That a star coloring of 2ρ + 1 colors and an acyclic one of ρ + 1 have the least
/// number was also found by an exhaustive search for ρ to 4 and n to 16.
#[test]
fn bands_have_as_few_colors_as_possible() {
    for (p, q) in (0..6).flat_map(|p| (0..6).map(move |q| (p, q))) {
        let pattern = band(40, p, q);
        assert_eq!(color::columns(&pattern, Order::Natural).count(), p + q + 1);
        assert_eq!(color::rows(&pattern, Order::Natural).count(), p + q + 1);
        let [rows, columns] = color::bidirectional(&pattern, Order::Natural);
        assert_eq!(rows.count() + columns.count(), p + q + 1);
    }
    for half in 0..6 {
        let pattern = band(40, half, half);
        assert_eq!(color::star(&pattern, Order::Natural).unwrap().count(), 2 * half + 1);
        assert_eq!(color::acyclic(&pattern, Order::Natural).unwrap().count(), half + 1);
    }
}

/// Trees, arrows, blocks and bipartite patterns in all orders, with the least numbers of colors.
#[test]
fn known_numbers_of_colors() {
    let count = |coloring: Coloring| coloring.count();
    for order in ORDERS {
        let path = band(30, 1, 1);
        assert_eq!(color::acyclic(&path, order).map(count), Ok(2));
        // Each vertex of a binary tree has the index (i - 1)/2 of its parent.
        let tree = Pattern::new(31, 31, (1..31).map(|i| (i, (i - 1) / 2))).unwrap();
        assert_eq!(color::acyclic(&tree, order).map(count), Ok(2));
        assert_eq!(color::star(&arrow(20), order).map(count), Ok(2));
        assert_eq!(count(color::columns(&arrow(20), order)), 20);
        // Two products have 2·20 numbers, fewer than the arrow's 58.
        let [rows, columns] = color::bidirectional(&arrow(20), order);
        assert_eq!(rows.count() + columns.count(), 3);
        let blocks = blocks(&[3, 1, 4, 2]);
        assert_eq!(count(color::columns(&blocks, order)), 4);
        assert_eq!(color::star(&blocks, order).map(count), Ok(4));
        assert_eq!(color::acyclic(&blocks, order).map(count), Ok(4));
        assert_eq!(color::star(&bipartite(1, 9), order).map(count), Ok(2));
        assert_eq!(color::star(&Pattern::full(7, 7), order).map(count), Ok(7));
        assert_eq!(count(color::columns(&Pattern::diagonal(9), order)), 1);
        assert_eq!(count(color::columns(&Pattern::new(3, 5, []).unwrap(), order)), 1);
        assert_eq!(count(color::columns(&Pattern::full(0, 0), order)), 0);
    }
}
