//! `Kernel`: a program together with the function itself, for many points.

use super::block::Set;
use super::call::{Call, Task};
use super::compile::{Code, LANES};
use super::lanes::Lane;
use super::straight::{self, Program, length};
use crate::error::Error;
use crate::forward::point::Seeded;
use crate::number::traced::Traced;
use crate::returns::Output;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most programs that a kernel records, for functions that take different courses at different points.
const MOST: usize = 8;

/// A function that is run at many points: as a program in lanes where it takes the course of the recording, and live
/// elsewhere.
///
/// It holds the function twice: with numbers that were recorded, and with floats. Usually both are one generic function,
/// which is written down twice:
///
/// ```
/// use nilpotent::program::Kernel;
/// use nilpotent::{gradient, Error, Real};
///
/// /// f(a, b) = a·exp(-b²), and its gradient.
/// fn f<T: Real>(x: [T; 2]) -> (T, [T; 2]) {
///     gradient(|[a, b]| a * (-b * b).exp(), x)
/// }
///
/// let kernel = Kernel::new(f, f, [1.0, 0.5])?;
/// let points = [[1.0, 0.0], [2.0, 0.0], [3.0, 1.0]];
/// let results = kernel.map(&points)?;
/// assert_eq!(results[..6], [1.0, 1.0, 0.0, 2.0, 1.0, 0.0]);
/// assert_eq!(results[6..], { let (y, [da, db]) = f([3.0, 1.0]); [y, da, db] });
/// # Ok::<(), Error>(())
/// ```
///
/// At every point the results are those of the function, bit for bit, with the two exceptions of [`Program`]. A
/// point at which a guard does not hold or a result is not finite is given to the function itself.
#[derive(Debug)]
pub struct Kernel<P, G, F, T = f64> {
    program: Program<T>,
    /// The instructions of the program, and of those for other courses, which are made when they are first needed.
    codes: Mutex<Vec<Arc<Code>>>,
    point: P,
    traced: G,
    live: F,
    uniform: Vec<bool>,
    summed: Vec<bool>,
    set: Set,
}

impl<P: Clone, G: Clone, F: Clone, T: Clone> Clone for Kernel<P, G, F, T> {
    fn clone(&self) -> Self {
        Self {
            program: self.program.clone(),
            codes: Mutex::new(lock(&self.codes).clone()),
            point: self.point.clone(),
            traced: self.traced.clone(),
            live: self.live.clone(),
            uniform: self.uniform.clone(),
            summed: self.summed.clone(),
            set: self.set,
        }
    }
}

/// The codes, which are whole even if a thread has panicked while it held them.
fn lock(codes: &Mutex<Vec<Arc<Code>>>) -> MutexGuard<'_, Vec<Arc<Code>>> {
    codes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a call of [`Kernel::run`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many points were given to the function itself, because no program was right there.
    pub live: usize,
    /// How many programs were run. If more than an eighth of the points, and more than 32, take another course than the
    /// recording, another program is recorded at one of them, and so on, up to eight; they are kept for later calls. (If results
    /// are summed, there is only one program, so that the order of the additions stays the same.)
    pub programs: usize,
}

impl<P, G, F, T, Z, Y> Kernel<P, G, F, T>
where
    P: Seeded<Traced<T>, T = T> + Seeded<T, T = T> + Sync,
    T: Lane,
    G: for<'a> Fn(<P as crate::Point>::Arg<'a, Traced<T>>) -> Z,
    Z: Output<Traced<T>>,
    F: for<'a> Fn(<P as crate::Point>::Arg<'a, T>) -> Y + Sync,
    Y: Output<T>,
{
    /// Records `traced` at the point `x`. `live` must be the same function of floats.
    ///
    /// All inputs may differ from point to point, and each point has its own results, until
    /// [`uniform`](Self::uniform) and [`summed`](Self::summed) say otherwise.
    ///
    /// # Errors
    /// [`Error::ValueLeft`] if the function converts a number into a plain float.
    ///
    /// # Panics
    /// If the function does.
    pub fn new(traced: G, live: F, x: P) -> Result<Self, Error> {
        let program = straight::record(&traced, &x, |_, x| x)?;
        let (uniform, summed) = (vec![false; program.inputs()], vec![false; program.results()]);
        Ok(Self { program, codes: Mutex::default(), point: x, traced, live, uniform, summed, set: Set::best() })
    }

    /// Says which inputs are the same at all points of a call, such as parameters. What depends only on them is computed once.
    ///
    /// # Panics
    /// If an index is not that of an input.
    #[must_use]
    pub fn uniform(mut self, inputs: impl IntoIterator<Item = usize>) -> Self {
        for i in inputs {
            assert!(i < self.uniform.len(), "uniform input {i} of a function of {} inputs", self.uniform.len());
            self.uniform[i] = true;
        }
        self.codes = Mutex::default();
        self
    }

    /// Says which results are added up over all points of a call, such as the gradient of a sum.
    ///
    /// The order of the additions depends on the number of points alone, and not on the machine or the number of threads. It
    /// is not the order of a plain loop, so the sums differ from that of such a loop by rounding.
    ///
    /// # Panics
    /// If an index is not that of a result.
    #[must_use]
    pub fn summed(mut self, results: impl IntoIterator<Item = usize>) -> Self {
        for k in results {
            assert!(k < self.summed.len(), "summed result {k} of a function of {} results", self.summed.len());
            self.summed[k] = true;
        }
        self.codes = Mutex::default();
        self
    }

    /// The program.
    pub fn program(&self) -> &Program<T> {
        &self.program
    }

    /// Chooses the instruction set, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_set(self, set: Set) -> Self {
        Self { set, ..self }
    }

    /// The results at points that are given with all inputs, one point's results after another's. There must be no uniform
    /// inputs and no summed results.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn map<X: AsRef<[T]> + Sync>(&self, points: &[X]) -> Result<Vec<T>, Error> {
        let mut results = vec![T::zero(); points.len() * self.program.results()];
        self.run(points.len(), &[], |i| [points[i].as_ref()], &mut results, &mut [])?;
        Ok(results)
    }

    /// Runs the function at `count` points.
    ///
    /// `uniform` holds the uniform inputs in their order. `point(i)` returns the other inputs of point i, in pieces that stand
    /// one after another; so they may lie in several tables. The results that are not summed go to `results`, one point's after
    /// another's, and the sums to `sums`.
    ///
    /// ```
    /// use nilpotent::program::Kernel;
    /// use nilpotent::{gradient, Error, Real};
    ///
    /// /// The squared residual of the line a·x + b at (x, y), and its gradient in a and b.
    /// fn residual<T: Real>([a, b, x, y]: [T; 4]) -> (T, [T; 2]) {
    ///     gradient(|[a, b]| (a * x + b - y).powi(2), [a, b])
    /// }
    ///
    /// let data = [[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]];
    /// let kernel = Kernel::new(residual, residual, [1.0; 4])?.uniform(0..2).summed(0..3);
    /// let mut sums = [0.0; 3];
    /// kernel.run(data.len(), &[1.0, 1.0], |i| [&data[i][..]], &mut [], &mut sums)?;
    /// assert_eq!(sums, [5.0, -10.0, -6.0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongLength`] if a slice is longer or shorter than it should be.
    ///
    /// # Panics
    /// If the function does where it is run live.
    pub fn run<'x, const K: usize>(
        &self,
        count: usize,
        uniform: &[T],
        point: impl Fn(usize) -> [&'x [T]; K] + Sync,
        results: &mut [T],
        sums: &mut [T],
    ) -> Result<Report, Error> {
        let code = {
            let mut codes = lock(&self.codes);
            if codes.is_empty() {
                codes.push(Arc::new(self.compile(&self.program)));
            }
            codes[0].clone()
        };
        let width = code.results.len();
        length("uniform inputs", code.uniform.len(), uniform.len())?;
        length("results", count * width, results.len())?;
        length("sums", code.sums, sums.len())?;
        let pieces = if count > 0 { point(0).map(<[T]>::len) } else { [0; K] };
        if count > 0 {
            length("inputs of a point", code.inputs.len(), pieces.iter().sum())?;
        }
        let task = Task {
            like: &self.point,
            live: &self.live,
            is_uniform: &self.uniform,
            is_summed: &self.summed,
            set: self.set,
            uniform,
            pieces,
            point: &point,
        };
        let parts = Call::new(&task, &code, None).run(count, results)?;
        sums.fill(-T::zero());
        let (mut report, mut failed) = (Report { live: 0, programs: 1 }, Vec::new());
        for part in parts {
            report.live += part.live;
            sums.iter_mut().zip(part.sums).for_each(|(sum, part)| *sum += part);
            failed.extend(part.failed);
        }
        // Fewer are not worth a recording.
        let many = (count / 8).max(LANES);
        for k in 1..MOST {
            if failed.len() <= many {
                break;
            }
            let Some(code) = self.other(k, &task.inputs(failed[0])) else { break };
            let mut others = vec![T::zero(); failed.len() * width];
            let parts = Call::new(&task, &code, Some(&failed)).run(failed.len(), &mut others)?;
            report.programs += 1;
            let still: Vec<usize> = parts.into_iter().flat_map(|part| part.failed).collect();
            let mut next = still.iter().peekable();
            for (k, &i) in failed.iter().enumerate() {
                if next.next_if_eq(&&i).is_none() {
                    results[i * width..][..width].copy_from_slice(&others[k * width..][..width]);
                }
            }
            // Another one, recorded at the same point, would be right nowhere as well.
            if still.len() == failed.len() {
                break;
            }
            failed = still;
        }
        report.live += failed.len();
        for i in failed {
            let mut to = results[i * width..].iter_mut();
            task.live(i, |y, _| *to.next().expect("room for the result") = y);
        }
        Ok(report)
    }

    fn compile(&self, program: &Program<T>) -> Code {
        Code::new(program, &self.uniform, &self.summed)
    }

    /// The program with the number k, which is recorded at this point if there is none yet. `None` if it cannot be recorded.
    fn other(&self, k: usize, inputs: &[T]) -> Option<Arc<Code>> {
        let mut codes = lock(&self.codes);
        if codes.len() == k {
            let program = straight::record(&self.traced, &self.point, |i, _| inputs[i]).ok()?;
            if program.results() != self.program.results() {
                return None;
            }
            codes.push(Arc::new(self.compile(&program)));
        }
        codes.get(k).cloned()
    }
}
