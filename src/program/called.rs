//! Programs that programs call.

use super::straight::Program;
use crate::error::Error;
use crate::graph::body::Callee;
use crate::number::traced::Traced;
use crate::real::Real;
use alloc::vec;
use alloc::vec::Vec;

/// # Programs that programs call
impl<T: Real> Program<T> {
    /// Within the recording of another program, writes down a call of this one, instead of all its operations.
    ///
    /// The results are those of the program at these inputs. What is recorded is the same function as if all operations of
    /// this program had been written down: its guards and checks hold for each call, results that are constant stay so, and
    /// equal calls are one. If all inputs are constants, so are the results, and nothing is written down.
    ///
    /// ```
    /// use nilpotent::{derivative, program, Error, Traced};
    ///
    /// let wave = program::record(|[x]: [_; 1]| derivative(|x| x * x.sin(), x), [1.0])?;
    /// let sum = |[a, b]: [Traced; 2]| {
    ///     let (at_a, at_b) = (wave.call(&[a]), wave.call(&[b]));
    ///     [at_a[0] + at_b[0], at_a[1] + at_b[1]]
    /// };
    /// let program = program::record(sum, [1.0, 2.0])?;
    /// let text = program.to_string();
    /// assert!(text.contains("v0 = p0(x0)[0]") && text.contains("v2 = p0(x1)[0]"));
    /// let mut results = [0.0; 2];
    /// program.run(&[0.5, 0.25], &mut results)?;
    /// let [a, b] = [0.5, 0.25].map(|x| derivative(|x| x * x.sin(), x));
    /// assert_eq!(results, [a.0 + b.0, a.1 + b.1]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// Both programs are over the same floats:
    ///
    /// ```compile_fail,E0308
    /// use nilpotent::{program, Traced};
    ///
    /// let single = program::record(|[x]: [Traced<f32>; 1]| x * x, [1.0_f32]).unwrap();
    /// program::record(|[x]: [Traced<f64>; 1]| single.call(&[x])[0], [1.0]);
    /// ```
    ///
    /// If a guard of this program does not hold at the values of the inputs, [`record`](super::record) returns
    /// [`Error::Diverged`] with the place of the guard.
    ///
    /// # Panics
    /// If there are more or fewer inputs than the program has, or if they belong to a recording that is not open. If all
    /// inputs are constants, no recording is open, and a guard does not hold.
    pub fn call(&self, x: &[Traced<T>]) -> Vec<Traced<T>> {
        let (body, expected, found) = (&self.body, self.inputs(), x.len());
        assert!(expected == found, "a program of {expected} inputs was called with {found}");
        let mut place = None;
        let inputs: Vec<T> = x.iter().map(|x| x.value()).collect();
        let values = body.values(&inputs, &mut |guard| {
            place = place.or(Some(guard.place));
            true
        });
        let values = values.expect("all guards are passed");
        if place.is_some() {
            Traced::<T>::fail(Error::Diverged { place });
        }
        // Each node that is a result is named once.
        let (mut named, mut numbers) = (vec![None; values.len()], Vec::new());
        for (k, &index) in (0..).zip(&body.results) {
            let is_computed = index as usize >= body.inputs && body.constant(index).is_none();
            if is_computed && named[index as usize].is_none() {
                named[index as usize] = Some(numbers.len());
                numbers.push((k, values[index as usize]));
            }
        }
        let results = Traced::call(Callee::Program(body.clone()), x, &numbers);
        let result = |&index: &u32| match (x.get(index as usize), named[index as usize]) {
            (Some(&input), _) => input.grounded(),
            (None, Some(place)) => results[place],
            (None, None) => Traced::constant(values[index as usize]),
        };
        body.results.iter().map(result).collect()
    }
}
