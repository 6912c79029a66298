//! Logistic regression on ten million rows, which are split over ranks.
//!
//! Each rank makes its own rows, with known parameters. A user would read a part of a file there. Newton's method with
//! conjugate gradients needs the gradient and products of the Hessian, which are sums over all rows. The parameters are
//! found up to their standard errors, and are the same, bit for bit, on any number of ranks.
//!
//!     cargo build --release --features mpi --manifest-path examples/distributed/Cargo.toml
//!     mpirun -n 2 examples/distributed/target/release/regression

use distributed::expect;
use distributed::newton::{Objective, minimize};
use distributed::sum::{Error, Sum};
use mpi::traits::Communicator;
use nilpotent::Real;
use nilpotent::separable::{Element, Function, Kind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ROWS: usize = 10_000_000;
/// A constant and three features.
const PARAMETERS: usize = 4;
/// What the rows are made of.
const TRUTH: [f64; PARAMETERS] = [-0.5, 1.0, -2.0, 0.25];

/// The negative logarithm of the probability of an answer of -1 or 1.
struct Answer;

impl Element<PARAMETERS, 1, PARAMETERS> for Answer {
    /// The data are the features and the answer.
    fn element<T: Real>(&self, w: [T; PARAMETERS], [a, b, c, answer]: [T; PARAMETERS]) -> [T; 1] {
        let odds = w[0] + w[1] * a + w[2] * b + w[3] * c;
        [(-answer * odds).softplus()]
    }
}

/// A uniform number in 0 to 1 that belongs to a row: SplitMix64 (Steele, Lea and Flood 2014).
fn uniform(row: usize, which: usize) -> f64 {
    let mut z = (row * 8 + which + 1) as u64;
    z = z.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn row(row: usize) -> [f64; PARAMETERS] {
    let [a, b, c] = [0, 1, 2].map(|which| 2.0 * uniform(row, which) - 1.0);
    let odds = TRUTH[0] + TRUTH[1] * a + TRUTH[2] * b + TRUTH[3] * c;
    let answer = if uniform(row, 3) < 1.0 / (1.0 + (-odds).exp()) { 1.0 } else { -1.0 };
    [a, b, c, answer]
}

/// The sum over all rows, and the times of calls.
struct Loss<'c, C> {
    sum: Sum<'c, C>,
    gradients: Vec<Duration>,
    products: Vec<Duration>,
}

impl<C: Communicator> Objective for Loss<'_, C> {
    type Error = Error;

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let begin = Instant::now();
        let value = self.sum.gradient_into(x, gradient);
        self.gradients.push(begin.elapsed());
        value
    }

    fn product(&mut self, x: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Error> {
        let begin = Instant::now();
        let done = self.sum.hvp_into(x, direction, product);
        self.products.push(begin.elapsed());
        done
    }
}

fn least(times: &[Duration]) -> Duration {
    times.iter().min().copied().unwrap_or_default()
}

fn main() -> ExitCode {
    let rows = match std::env::args().nth(1).map(|rows| (rows.parse(), rows)) {
        None => ROWS,
        Some((Ok(rows), _)) if rows > 0 => rows,
        Some((_, rows)) => {
            eprintln!("error: expected a number of rows, but got {rows}");
            return ExitCode::FAILURE;
        }
    };
    let universe = expect(mpi::initialize().ok_or("MPI is initialized already"));
    let world = universe.world();
    let variables = std::array::from_fn::<_, PARAMETERS, _>(|k| k);
    let sum = expect(Sum::new(&world, rows, PARAMETERS, |rows| {
        let kind = Kind::with_data(Answer, rows.clone().map(|_| variables), rows.map(row))?;
        Ok((0..PARAMETERS, Function::new(PARAMETERS).with(kind.to_row(0))?))
    }));
    let mut loss = Loss { sum, gradients: vec![], products: vec![] };
    let mut x = [0.0; PARAMETERS];
    let minimum = expect(minimize(&mut loss, &mut x, 1e-9 * rows as f64));

    // The inverse of the Hessian is the covariance of the parameters; its diagonal, column by column.
    let errors = std::array::from_fn::<_, PARAMETERS, _>(|k| {
        let unit = std::array::from_fn(|i| f64::from(u8::from(i == k)));
        solve(&mut loss, &x, unit)[k].sqrt()
    });
    if world.rank() == 0 {
        println!("{rows} rows, {} steps, {} products", minimum.iterations, minimum.products);
        println!("mean loss {:?}", minimum.value / rows as f64);
        println!("parameter           found   true   difference / standard error");
        for (k, (found, truth)) in x.into_iter().zip(TRUTH).enumerate() {
            println!("{k}   {found:22?} {truth:6} {:6.2}", (found - truth) / errors[k]);
        }
        eprintln!(
            "{} ranks: gradient {:?}, product {:?}, message {} bytes",
            world.size(),
            least(&loss.gradients),
            least(&loss.products),
            loss.sum.message_bytes()
        );
    }
    let right = (0..PARAMETERS).all(|k| (x[k] - TRUTH[k]).abs() < 4.0 * errors[k]);
    if minimum.converged && right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Solves H·y = b by Gaussian elimination, where the columns of H are products.
fn solve<C: Communicator>(loss: &mut Loss<'_, C>, x: &[f64], mut b: [f64; PARAMETERS]) -> [f64; PARAMETERS] {
    let mut h = [[0.0; PARAMETERS]; PARAMETERS];
    for (k, row) in h.iter_mut().enumerate() {
        let unit: [f64; PARAMETERS] = std::array::from_fn(|i| f64::from(u8::from(i == k)));
        expect(loss.product(x, &unit, row));
    }
    for k in 0..PARAMETERS {
        for i in (0..PARAMETERS).filter(|&i| i != k) {
            let factor = h[i][k] / h[k][k];
            let pivot = h[k];
            h[i].iter_mut().zip(pivot).for_each(|(a, p)| *a -= factor * p);
            b[i] -= factor * b[k];
        }
    }
    std::array::from_fn(|k| b[k] / h[k][k])
}
