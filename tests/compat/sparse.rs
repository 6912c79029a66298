//! Sparse matrices of other crates that are made from one of ours: entry by entry.

#[path = "../common/random.rs"]
mod random;

use faer::sparse::{SparseColMat, SparseRowMat};
use nalgebra_sparse::{CscMatrix, CsrMatrix};
use nilpotent::Dual;
use nilpotent::sparse::{Matrix, Pattern};
use random::Random;
use sprs::CsMat;

#[test]
fn entries_keep_their_places_and_values() {
    let mut random = Random(7);
    for k in 0..200 {
        let (m, n) = [(0, 0), (0, 3), (3, 0)].get(k).copied().unwrap_or((1 + random.below(7), 1 + random.below(7)));
        let entries =
            (0..if m * n == 0 { 0 } else { random.below(2 * m * n) }).map(|_| (random.below(m), random.below(n)));
        let pattern = Pattern::new(m, n, entries).unwrap();
        // Values with derivatives, all different.
        let values: Vec<_> = (0..pattern.len()).map(|k| Dual::variable(k as f64 + 1.0, 0)).collect();
        let mut dense = vec![vec![None; n]; m];
        pattern.entries().zip(&values).for_each(|((i, j), &value)| dense[i][j] = Some(value));
        let matrix = Matrix::new(pattern.into(), values).unwrap();
        let (rows, columns) = (CsrMatrix::from(&matrix), CscMatrix::from(&matrix));
        let (other, turned) = (SparseRowMat::<usize, Dual>::from(&matrix), SparseColMat::<usize, Dual>::from(&matrix));
        let sprs = CsMat::from(&matrix);
        assert_eq!([rows.nrows(), columns.nrows(), other.nrows(), turned.nrows(), sprs.rows()], [m; 5]);
        assert_eq!([rows.ncols(), columns.ncols(), other.ncols(), turned.ncols(), sprs.cols()], [n; 5]);
        let mut lists = [vec![], vec![], vec![], vec![], vec![]];
        lists[0].extend(rows.triplet_iter().map(|(i, j, &a)| (i, j, a)));
        lists[1].extend(columns.triplet_iter().map(|(i, j, &a)| (i, j, a)));
        lists[2].extend((0..m).flat_map(|i| {
            let (columns, values) = (other.col_idx_of_row(i), other.val_of_row(i));
            columns.zip(values).map(move |(j, &a)| (i, j, a)).collect::<Vec<_>>()
        }));
        lists[3].extend((0..n).flat_map(|j| {
            let (rows, values) = (turned.row_idx_of_col(j), turned.val_of_col(j));
            rows.zip(values).map(move |(i, &a)| (i, j, a)).collect::<Vec<_>>()
        }));
        lists[4].extend(sprs.iter().map(|(&a, (i, j))| (i, j, a)));
        for list in lists {
            let mut found = vec![vec![None; n]; m];
            for (i, j, a) in list {
                assert_eq!(found[i][j].replace(a), None);
            }
            let parts = |dense: &[Vec<Option<Dual>>]| {
                dense.iter().flatten().map(|a| a.map(|a| (a.re, a.eps))).collect::<Vec<_>>()
            };
            assert_eq!(parts(&found), parts(&dense));
        }
    }
}
