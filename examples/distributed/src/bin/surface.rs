//! A minimal surface over a square, whose triangles are split over ranks.
//!
//! The boundary is that of Enneper's surface (A. Enneper 1864), so that the exact surface is known. Its area is the sum of
//! those of two triangles for each cell of a grid. Each rank holds neighboring rows of cells. The result is the same, bit
//! for bit, on any number of ranks, and its error falls with the square of the cells' width.
//!
//!     cargo build --release --features mpi --manifest-path examples/distributed/Cargo.toml
//!     mpirun -n 2 examples/distributed/target/release/surface

use distributed::expect;
use distributed::newton::{Objective, minimize};
use distributed::sum::{Error, Sum};
use mpi::traits::Communicator;
use nilpotent::Real;
use nilpotent::separable::{Element, Function, Kind};
use std::process::ExitCode;
use std::time::Instant;

/// Cells in each direction.
const CELLS: usize = 128;
/// The corners are (±½, ±½).
const HALF: f64 = 0.5;

/// The area of a triangle above half a cell: the heights at its right angle and at the ends of both sides.
struct Triangle {
    width: f64,
}

impl Element<3> for Triangle {
    fn element<T: Real>(&self, [corner, a, b]: [T; 3], []: [T; 0]) -> [T; 1] {
        let width = T::lit(self.width);
        let (p, q) = ((a - corner) / width, (b - corner) / width);
        [(p * p + q * q + T::one()).sqrt() * (T::lit(0.5) * width * width)]
    }
}

/// The height of Enneper's surface x = u - u³/3 + uv², y = -v + v³/3 - u²v, z = u² - v², by Newton's method for u and v.
fn enneper(x: f64, y: f64) -> f64 {
    let (mut u, mut v) = (x, -y);
    for _ in 0..50 {
        let (f, g) = (u - u * u * u / 3.0 + u * v * v - x, -v + v * v * v / 3.0 - u * u * v - y);
        let (fu, fv, gu, gv) = (1.0 - u * u + v * v, 2.0 * u * v, -2.0 * u * v, -1.0 + v * v - u * u);
        let determinant = fu * gv - fv * gu;
        u -= (f * gv - fv * g) / determinant;
        v -= (fu * g - f * gu) / determinant;
    }
    u * u - v * v
}

/// The area, where the heights of the boundary are fixed.
struct Area<'c, C> {
    sum: Sum<'c, C>,
    side: usize,
    inner: Vec<f64>,
}

impl<C> Area<'_, C> {
    fn hold(&self, derivative: &mut [f64]) {
        for (k, d) in derivative.iter_mut().enumerate() {
            if is_boundary(self.side, k) {
                *d = 0.0;
            }
        }
    }
}

fn is_boundary(side: usize, k: usize) -> bool {
    let (row, column) = (k / side, k % side);
    row == 0 || column == 0 || row == side - 1 || column == side - 1
}

impl<C: Communicator> Objective for Area<'_, C> {
    type Error = Error;

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let value = self.sum.gradient_into(x, gradient)?;
        self.hold(gradient);
        Ok(value)
    }

    fn product(&mut self, x: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Error> {
        self.inner.copy_from_slice(direction);
        let mut inner = std::mem::take(&mut self.inner);
        self.hold(&mut inner);
        let done = self.sum.hvp_into(x, &inner, product);
        self.inner = inner;
        self.hold(product);
        done
    }
}

fn main() -> ExitCode {
    let cells = match std::env::args().nth(1).map(|cells| (cells.parse::<usize>(), cells)) {
        None => CELLS,
        Some((Ok(cells), _)) if (2..=4096).contains(&cells) => cells,
        Some((_, cells)) => {
            eprintln!("error: expected a number of cells in 2..=4096, but got {cells}");
            return ExitCode::FAILURE;
        }
    };
    let universe = expect(mpi::initialize().ok_or("MPI is initialized already"));
    let world = universe.world();
    let (side, width) = (cells + 1, 2.0 * HALF / cells as f64);
    let sum = expect(Sum::new(&world, cells * cells, side * side, |items| {
        // The heights at the corners of these cells are neighbors.
        let corner = |cell: usize| cell / cells * side + cell % cells;
        let first = corner(items.start);
        let last = if items.is_empty() { first } else { corner(items.end - 1) + side + 2 };
        let triangles = items.flat_map(|cell| {
            let k = corner(cell) - first;
            [[k, k + 1, k + side], [k + side + 1, k + side, k + 1]]
        });
        let function = Function::new(last - first).with(Kind::new(Triangle { width }, triangles).to_row(0))?;
        Ok((first..last, function))
    }));
    let place = |k: usize| width * k as f64 - HALF;
    let exact: Vec<f64> = (0..side * side).map(|k| enneper(place(k % side), place(k / side))).collect();
    let mut x = exact.clone();
    (0..x.len()).filter(|&k| !is_boundary(side, k)).for_each(|k| x[k] = 0.0);
    let (begin, message) = (Instant::now(), sum.message_bytes());
    let mut area = Area { sum, side, inner: vec![0.0; x.len()] };
    let minimum = expect(minimize(&mut area, &mut x, 1e-12));
    let error = x.iter().zip(&exact).map(|(x, e)| (x - e).abs()).fold(0.0, f64::max);
    if world.rank() == 0 {
        println!("{cells} × {cells} cells, {} steps, {} products", minimum.iterations, minimum.products);
        println!("area {:?}", minimum.value);
        println!(
            "largest error of a height {error:?}, over the square of the cells' width {:.4}",
            error / width.powi(2)
        );
        eprintln!("{} ranks: {:?}, message {message} bytes", world.size(), begin.elapsed());
    }
    if minimum.converged && error < 0.06 * width.powi(2) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
