//! A sparse Jacobian by colors beside the passes that it consists of, and beside the dense driver. `cargo bench --bench
//! sparse`.

mod common;

use common::{compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use nilpotent::sparse::{self, Order, Plan};
use nilpotent::{Buffers, Dual, Real, jacobian};
use std::time::Instant;

/// The side of the grid.
const SIDE: usize = 64;

/// The right-hand side of the Brusselator on a periodic square grid: u' = 1 + u²v - 4.4u + α∇²u and v' = 3.4u - u²v + α∇²v
/// (Hairer & Wanner, *Solving Ordinary Differential Equations II*, section IV.10). The two species of a place are neighbors.
fn brusselator<T: Real>(y: &[T], to: &mut [T]) {
    let diffusion = T::lit(0.1 * (SIDE * SIDE) as f64);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = |row: usize, column: usize, species: usize| y[2 * (row % SIDE * SIDE + column % SIDE) + species];
            let [u, v] = [0, 1].map(|species| at(row, column, species));
            let [laplacian_u, laplacian_v] = [0, 1].map(|species| {
                let neighbors = at(row + 1, column, species)
                    + at(row + SIDE - 1, column, species)
                    + at(row, column + 1, species)
                    + at(row, column + SIDE - 1, species);
                neighbors - at(row, column, species) * T::lit(4.0)
            });
            let reaction = u * u * v;
            let place = 2 * (row * SIDE + column);
            to[place] = T::one() + reaction - u * T::lit(4.4) + diffusion * laplacian_u;
            to[place + 1] = u * T::lit(3.4) - reaction + diffusion * laplacian_v;
        }
    }
}

fn outputs<T: Real>(y: &[T]) -> Vec<T> {
    let mut to = vec![T::zero(); y.len()];
    brusselator(y, &mut to);
    to
}

fn grid(c: &mut Criterion) {
    let n = 2 * SIDE * SIDE;
    let y: Vec<f64> = (0..n).map(|i| 1.0 + (i as f64).sin() / 2.0).collect();
    let start = Instant::now();
    let pattern = sparse::jacobian_pattern(outputs, &y[..]).unwrap();
    let found = start.elapsed();
    let plan = Plan::columns(pattern, Order::SmallestLast);
    println!(
        "{} entries, {} colors; pattern {found:.1?}, plan {:.1?}",
        plan.pattern().len(),
        plan.colors(),
        start.elapsed() - found
    );

    let (mut value, mut values) = (vec![0.0; n], vec![0.0; plan.pattern().len()]);
    let buffers = Buffers::default();
    let mut compressed = || {
        let f = |y: &[_]| buffers.outputs(n, |to| brusselator(y, to));
        sparse::jacobian_into(&plan, f, buffers.point(&y), &mut value, &mut values).unwrap();
    };
    let passes = plan.colors().div_ceil(8);
    let duals: Vec<Dual<f64, 8>> = y.iter().enumerate().map(|(i, &y)| Dual::variable(y, i % 8)).collect();
    let mut results = vec![Dual::constant(0.0); n];
    let mut floats = vec![0.0; n];
    let ratios = compare(
        c,
        "Brusselator",
        &mut [
            ("passes in dual numbers", &mut || {
                for _ in 0..passes {
                    brusselator(&duals, &mut results);
                }
                keep(&results);
            }),
            ("compressed Jacobian", &mut compressed),
            ("function", &mut || {
                brusselator(&y, &mut floats);
                keep(&floats);
            }),
        ],
    );
    if ratios.is_empty() {
        return;
    }
    let start = Instant::now();
    let (_, dense) = jacobian(outputs, &y[..]);
    let dense_time = start.elapsed();
    let start = Instant::now();
    compressed();
    println!("dense driver: {:.0} times the compressed one", dense_time.as_secs_f64() / start.elapsed().as_secs_f64());
    let mut entries = plan.pattern().entries().zip(&values);
    assert!(entries.all(|((i, j), &value)| value == dense[i][j]), "the same matrix");
}

criterion_group!(benches, grid);
criterion_main!(benches);
