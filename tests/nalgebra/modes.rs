//! The numbers that the checks run with: floats, and numbers of forward and reverse mode of first and second order.

use super::common::{D1, D2};
use super::oracle::{Check, Checked, Jet, Path};
use nilpotent::linalg::Number;
use nilpotent::{Dual, Var, reverse};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::thread::LocalKey;

/// A number that can be made from a jet, and converted to one. Floats have only its value; numbers of first order also
/// have the part of ε₂.
pub trait Mode: Number + Into<Jet> {
    fn of(jet: Jet) -> Self;

    /// Runs the check with these numbers.
    fn run(check: Check, x: &Path) -> Checked {
        check(x)
    }
}

impl Mode for f64 {
    fn of(Jet([v, ..]): Jet) -> Self {
        v
    }
}

impl From<f64> for Jet {
    fn from(x: f64) -> Self {
        Self::constant(x)
    }
}

impl Mode for D1 {
    fn of(Jet([v, _, b, _]): Jet) -> Self {
        Self::new(v, [b])
    }
}

impl From<D1> for Jet {
    fn from(x: D1) -> Self {
        Self([x.re, 0.0, x.eps[0], 0.0])
    }
}

impl Mode for D2 {
    fn of(Jet([v, a, b, c]): Jet) -> Self {
        Self::new(Dual::new(v, [a]), [Dual::new(b, [c])])
    }
}

impl From<D2> for Jet {
    fn from(x: D2) -> Self {
        Self([x.re.re, x.re.eps[0], x.eps[0].re, x.eps[0].eps[0]])
    }
}

/// A number that a `Var` can stand over. It holds the parts of 1 and ε₁, or the parts of ε₂ and ε₁ε₂.
pub trait Inner: Number {
    fn tape() -> &'static LocalKey<RefCell<Tape<Self>>>;
    fn of(parts: [f64; 2]) -> Self;
    fn parts(self) -> [f64; 2];
}

/// The state that the two runs of a check share. Adjoints can only be read when the recording is closed, but a check
/// goes on computing with what it reads. So the first run stores the variables that are read, and returns jets without
/// adjoints. The second run returns the jets of the first one, now with adjoints. Both runs take the same branches,
/// since these depend on the values alone.
#[derive(Default)]
pub struct Tape<T> {
    /// The input of the recording, ε₂.
    input: Option<Var<T>>,
    read: Vec<Var<T>>,
    jets: Option<VecDeque<Jet>>,
}

thread_local! {
    static FIRST: RefCell<Tape<f64>> = RefCell::default();
    static SECOND: RefCell<Tape<D1>> = RefCell::default();
}

impl Inner for f64 {
    fn tape() -> &'static LocalKey<RefCell<Tape<Self>>> {
        &FIRST
    }

    fn of([v, _]: [f64; 2]) -> Self {
        v
    }

    fn parts(self) -> [f64; 2] {
        [self, 0.0]
    }
}

impl Inner for D1 {
    fn tape() -> &'static LocalKey<RefCell<Tape<Self>>> {
        &SECOND
    }

    fn of([v, a]: [f64; 2]) -> Self {
        Self::new(v, [a])
    }

    fn parts(self) -> [f64; 2] {
        [self.re, self.eps[0]]
    }
}

impl<T: Inner> From<Var<T>> for Jet {
    fn from(x: Var<T>) -> Self {
        let [v, a] = x.re.parts();
        T::tape().with_borrow_mut(|tape| {
            tape.read.push(x);
            let Some(jets) = &mut tape.jets else { return Self([v, a, 0.0, 0.0]) };
            let jet = jets.pop_front().expect("both runs read the same");
            assert!([v, a].iter().zip(jet.0).all(|(v, w)| v.to_bits() == w.to_bits()), "both runs compute the same");
            jet
        })
    }
}

impl<T: Inner> Mode for Var<T>
where
    Self: Number,
{
    /// Makes a node, as each input of a function is one.
    fn of(Jet([v, a, b, c]): Jet) -> Self {
        let input = T::tape().with_borrow(|tape| tape.input).expect("a recording");
        (input * Self::constant(T::of([b, c])) + Self::constant(T::of([v, a]))).watch()
    }

    fn run(check: Check, x: &Path) -> Checked {
        let set = |input, jets| T::tape().set(Tape { input: Some(input), read: vec![], jets });
        let first = |[input]: [Self; 1]| {
            set(input, None);
            let _ = check(x);
            T::tape().take().read
        };
        let (values, adjoints) = reverse::jacobian(first, [T::zero()]);
        let jet = |(v, [b]): (T, [T; 1])| {
            let ([v, a], [b, c]) = (v.parts(), b.parts());
            Jet([v, a, b, c])
        };
        let jets = values.into_iter().zip(adjoints).map(jet).collect();
        let second = |[input]: [Self; 1]| {
            set(input, Some(jets));
            check(x)
        };
        reverse::try_record(second, [T::zero()]).map(|(pairs, _)| pairs)
    }
}
