//! Sparse patterns and matrices, against plain lists of entries.

#[path = "common/random.rs"]
mod random;

use nilpotent::Error;
use nilpotent::sparse::{Matrix, Pattern};
use random::Random;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Random entries of a matrix, some of them twice, in any order.
fn entries(random: &mut Random) -> (usize, usize, Vec<(usize, usize)>) {
    let (rows, columns) = (random.below(8), random.below(8));
    let count = if rows * columns == 0 { 0 } else { random.below(2 * rows * columns) };
    (rows, columns, (0..count).map(|_| (random.below(rows), random.below(columns))).collect())
}

#[test]
fn patterns_hold_their_entries() {
    let mut random = Random(1);
    for _ in 0..2000 {
        let (rows, columns, entries) = entries(&mut random);
        let pattern = Pattern::new(rows, columns, entries.iter().copied()).unwrap();
        let set: BTreeSet<_> = entries.into_iter().collect();
        let of = |entries: &BTreeSet<(usize, usize)>| entries.iter().copied().collect::<Vec<_>>();
        assert_eq!((pattern.rows(), pattern.columns(), pattern.len()), (rows, columns, set.len()));
        assert_eq!(pattern.is_empty(), set.is_empty());
        assert_eq!(pattern.entries().collect::<Vec<_>>(), of(&set));
        for i in 0..rows {
            let row: Vec<_> = (0..columns).filter(|&j| set.contains(&(i, j))).collect();
            assert_eq!((pattern.row(i), pattern.range(i).len()), (&row[..], row.len()));
            for j in 0..columns {
                assert_eq!(pattern.position(i, j), set.iter().position(|&entry| entry == (i, j)));
            }
        }
        // The transposed pattern, and which entry went where.
        let turned: BTreeSet<_> = set.iter().map(|&(i, j)| (j, i)).collect();
        let (transposed, positions) = pattern.transposed();
        assert_eq!((transposed.rows(), transposed.columns()), (columns, rows));
        assert_eq!(transposed.entries().collect::<Vec<_>>(), of(&turned));
        for ((j, i), &position) in of(&turned).into_iter().zip(&positions) {
            assert_eq!(of(&set)[position], (i, j));
        }
        let lower: BTreeSet<_> = set.iter().copied().filter(|(i, j)| i >= j).collect();
        assert_eq!(pattern.lower().entries().collect::<Vec<_>>(), of(&lower));
        assert_eq!(pattern.is_symmetric(), rows == columns && set == turned);
        if rows == columns {
            assert_eq!(pattern.symmetric().unwrap().entries().collect::<Vec<_>>(), of(&(&set | &turned)));
        }
        // The same from its parts.
        let (starts, indices) = (pattern.starts().to_vec(), pattern.indices().to_vec());
        assert_eq!(Pattern::from_compressed(rows, columns, starts, indices).as_ref(), Ok(&pattern));
        let lists: Vec<_> = (0..rows).map(|i| pattern.row(i)).collect();
        assert_eq!(Pattern::from_rows(columns, &lists).as_ref(), Ok(&pattern));
    }
}

#[test]
fn full_and_diagonal_patterns() {
    for (rows, columns) in [(0, 0), (0, 3), (3, 0), (1, 4), (4, 1), (2, 3)] {
        let all = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j)));
        assert_eq!(Ok(Pattern::full(rows, columns)), Pattern::new(rows, columns, all));
        assert_eq!(Ok(Pattern::diagonal(rows)), Pattern::new(rows, rows, (0..rows).map(|i| (i, i))));
    }
}

#[test]
fn matrices_are_their_dense_ones() {
    let mut random = Random(2);
    for _ in 0..500 {
        let (rows, columns, entries) = entries(&mut random);
        let pattern = Arc::new(Pattern::new(rows, columns, entries).unwrap());
        let mut matrix = Matrix::zeros(pattern.clone());
        let mut dense = vec![vec![0.0; columns]; rows];
        for (position, (i, j)) in pattern.entries().enumerate() {
            dense[i][j] = random.below(100) as f64;
            matrix.values_mut()[position] = dense[i][j];
        }
        assert_eq!(matrix.to_dense(), dense);
        assert_eq!(Matrix::new(pattern, matrix.values().to_vec()).as_ref(), Ok(&matrix));
        for (i, row) in dense.iter().enumerate() {
            assert_eq!(row.iter().enumerate().map(|(j, _)| matrix.get(i, j)).collect::<Vec<_>>(), *row);
            assert_eq!(matrix.row(i).iter().sum::<f64>(), row.iter().sum::<f64>());
        }
        // Integers, so that sums are exact in any order.
        let v: Vec<_> = (0..columns).map(|_| random.below(9) as f64).collect();
        let w: Vec<_> = (0..rows).map(|_| random.below(9) as f64).collect();
        let product = |i: usize| (0..columns).map(|j| dense[i][j] * v[j]).sum::<f64>();
        assert_eq!(matrix.mul_vec(&v), Ok((0..rows).map(product).collect()));
        let product = |j: usize| (0..rows).map(|i| dense[i][j] * w[i]).sum::<f64>();
        assert_eq!(matrix.transpose_mul_vec(&w), Ok((0..columns).map(product).collect()));
    }
}

#[test]
fn patterns_are_drawn_while_they_are_small() {
    let pattern = Pattern::new(2, 3, [(0, 0), (1, 2)]).unwrap();
    assert_eq!(pattern.to_string(), "• · ·\n· · •\n");
    assert_eq!(Pattern::diagonal(64).to_string().lines().count(), 64);
    assert_eq!(Pattern::diagonal(65).to_string(), "65 × 65, 65 entries");
}

/// Which entry, index or length is wrong, and what was expected.
#[test]
fn wrong_patterns_are_errors() {
    let says = |result: Result<Pattern, Error>, text: &str| assert_eq!(result.unwrap_err().to_string(), text);
    says(Pattern::new(2, 3, [(0, 0), (1, 3)]), "entry 1 of the pattern has the column 3, which is not below 3");
    says(Pattern::new(2, 3, [(2, 0)]), "entry 0 of the pattern has the row 2, which is not below 2");
    says(Pattern::new(0, 3, [(0, 0)]), "entry 0 of the pattern has the row 0, which is not below 0");
    says(
        Pattern::from_rows(2, &[vec![0], vec![1, 2]]),
        "entry 2 of the pattern has the column 2, which is not below 2",
    );
    let compressed =
        |starts: &[usize], indices: &[usize]| Pattern::from_compressed(2, 3, starts.to_vec(), indices.to_vec());
    assert!(compressed(&[0, 1, 3], &[2, 0, 1]).is_ok());
    says(compressed(&[0, 1], &[2]), "3 starts of matrix rows were expected, and there are 2");
    says(compressed(&[1, 1, 3], &[2, 0, 1]), "matrix row 0 starts at position 1, and must start from 0 to 0");
    says(compressed(&[0, 4, 3], &[2, 0, 1]), "matrix row 1 starts at position 4, and must start from 0 to 3");
    says(compressed(&[0, 1, 2], &[2, 0, 1]), "2 indices were expected, and there are 3");
    says(compressed(&[0, 1, 3], &[2, 1, 0]), "matrix row 1: column 0 follows column 1, and columns must ascend");
    says(compressed(&[0, 1, 3], &[2, 1, 1]), "matrix row 1: column 1 follows column 1, and columns must ascend");
    says(compressed(&[0, 1, 3], &[2, 1, 3]), "entry 2 of the pattern has the column 3, which is not below 3");
    says(
        Pattern::from_compressed(0, 3, vec![1], vec![]),
        "matrix row 0 starts at position 1, and must start from 0 to 0",
    );
    says(Pattern::from_compressed(0, 3, vec![0], vec![1]), "0 indices were expected, and there are 1");
    says(
        Pattern::from_compressed(3, 3, vec![0, 2, 1, 3], vec![0, 1, 2]),
        "matrix row 2 starts at position 1, and must start from 2 to 3",
    );
    says(Pattern::full(2, 3).symmetric(), "2 columns of a symmetric matrix were expected, and there are 3");
}

#[test]
fn wrong_lengths_are_errors() {
    let pattern = Arc::new(Pattern::full(2, 3));
    let wrong = |what, expected, found| Error::WrongLength { what, expected, found };
    assert_eq!(Matrix::new(pattern.clone(), vec![1.0; 5]), Err(wrong("values", 6, 5)));
    let matrix = Matrix::<f64>::zeros(pattern);
    assert_eq!(matrix.mul_vec(&[1.0; 2]), Err(wrong("components", 3, 2)));
    assert_eq!(matrix.transpose_mul_vec(&[1.0; 3]), Err(wrong("components", 2, 3)));
}
