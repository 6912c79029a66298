//! The feature `trap-confusion`: the variables of two calls of drivers must not meet in one number.
//!
//! With the feature each number of forward mode has a field `stamp`. A driver draws a stamp for each of its calls, and
//! marks its variables with it; 0 stands for constants and for numbers that users have made. An operation on two numbers
//! joins their stamps, and panics if they are different ones. So does a driver whose function returns a number with the
//! stamp of another call. Without the feature there is no such field, and nothing here does anything.

use crate::real::{Chain, Real};
use crate::returns::{Outcome, Output};
#[cfg(feature = "trap-confusion")]
pub(crate) use trap::{enter, join};

/// A number with the joined stamps of two others: given by its fields, or by an expression. A literal without others is
/// a constant.
macro_rules! stamped {
    (Self { $($field:tt)* }) => {
        Self {
            #[cfg(feature = "trap-confusion")]
            stamp: 0,
            $($field)*
        }
    };
    ($x:expr, $y:expr, Self { $($field:tt)* }) => {
        Self {
            #[cfg(feature = "trap-confusion")]
            stamp: $crate::traits::confusion::join($x, $y),
            $($field)*
        }
    };
    ($x:expr, $y:expr, $number:expr) => {{
        #[cfg(feature = "trap-confusion")]
        {
            let mut number = $number;
            number.stamp = $crate::traits::confusion::join($x, $y);
            number
        }
        #[cfg(not(feature = "trap-confusion"))]
        {
            $number
        }
    }};
}
pub(crate) use stamped;

/// Marks the rest of the scope as a call of a driver; `returned` says that its function's numbers go to the user.
macro_rules! driver {
    () => {
        #[cfg(feature = "trap-confusion")]
        let _driver = $crate::traits::confusion::enter(false);
    };
    (returned) => {
        #[cfg(feature = "trap-confusion")]
        let _driver = $crate::traits::confusion::enter(true);
    };
}
pub(crate) use driver;

/// Makes the number one of the running driver's variables.
#[inline(always)]
pub(crate) fn mark<D: Real>(number: &mut D) {
    #[cfg(feature = "trap-confusion")]
    if let Some(stamp) = number.stamp_mut() {
        *stamp = trap::running();
    }
    #[cfg(not(feature = "trap-confusion"))]
    let _ = number;
}

/// Returns the number as one of the running driver's variables.
#[inline(always)]
#[cfg_attr(not(feature = "trap-confusion"), allow(unused_mut))]
pub(crate) fn marked<D: Real>(mut number: D) -> D {
    #[cfg(feature = "trap-confusion")]
    mark(&mut number);
    number
}

/// Gives results that are put together from parts the joined stamps of all arguments.
#[inline(always)]
pub(crate) fn carry<D: Real>(args: &[&[D]], results: &mut [D]) {
    #[cfg(feature = "trap-confusion")]
    for result in results {
        for &x in args.iter().copied().flatten() {
            let stamp = join(*result, x);
            result.stamp_mut().into_iter().for_each(|own| *own = stamp);
        }
    }
    #[cfg(not(feature = "trap-confusion"))]
    let _ = (args, results);
}

/// Panics if the number, which a function has returned to the running driver, has a variable of another call.
#[inline(always)]
pub(crate) fn check<D: Real>(number: D) {
    #[cfg(feature = "trap-confusion")]
    trap::check(number);
    #[cfg(not(feature = "trap-confusion"))]
    let _ = number;
}

/// [`check`] of a number and of its value, which has variables of the same driver.
#[inline(always)]
pub(crate) fn check_two<D: Chain + Real>(number: D) {
    check(number);
    check(Chain::re(number));
}

/// The result of a function, whose number is checked.
#[inline(always)]
pub(crate) fn output<D: Real, R: Outcome<Value = D>>(returned: R) -> Result<D, R::Failure> {
    returned.into_result().inspect(|y| check(*y))
}

/// The result of a function, whose numbers are checked.
#[inline(always)]
pub(crate) fn outputs<D: Real, Y: Output<D>, R: Outcome<Value = Y>>(returned: R) -> Result<Y, R::Failure> {
    let result = returned.into_result();
    if let Ok(y) = &result {
        check_each(y, |&y| check(y));
    }
    result
}

/// Calls `check` with each output.
#[inline(always)]
pub(crate) fn check_each<D, Y: Output<D>>(y: &Y, check: impl Fn(&D)) {
    #[cfg(feature = "trap-confusion")]
    y.map(check);
    #[cfg(not(feature = "trap-confusion"))]
    let _ = (y, check);
}

#[cfg(feature = "trap-confusion")]
mod trap {
    use crate::real::Real;
    use crate::trace;
    use core::any::type_name;
    use core::cell::RefCell;
    use core::sync::atomic::{AtomicU64, Ordering};
    use std::format;
    use std::string::String;
    use std::thread_local;

    /// The drivers that are running on a thread, without memory on the heap.
    struct Running {
        /// The stamp of the innermost one, or 0.
        now: u64,
        /// How many there are, and the stamps of the outermost ones but that one.
        depth: usize,
        outer: [u64; 64],
    }

    thread_local! {
        static RUNNING: RefCell<Running> = const { RefCell::new(Running { now: 0, depth: 0, outer: [0; 64] }) };
    }

    /// Marks a driver as running until it is dropped.
    #[must_use]
    pub(crate) struct Driver {
        before: u64,
    }

    /// Draws a stamp. It is odd if the numbers are returned to the user, who may use them for anything after the call.
    pub(crate) fn enter(returned: bool) -> Driver {
        static NEXT: AtomicU64 = AtomicU64::new(2);
        let stamp = NEXT.fetch_add(2, Ordering::Relaxed) + u64::from(returned);
        RUNNING.with_borrow_mut(|running| {
            let before = core::mem::replace(&mut running.now, stamp);
            if let Some(outer) = running.outer.get_mut(running.depth) {
                *outer = before;
            }
            running.depth += 1;
            Driver { before }
        })
    }

    impl Drop for Driver {
        fn drop(&mut self) {
            RUNNING.with_borrow_mut(|running| {
                running.now = self.before;
                running.depth -= 1;
            });
        }
    }

    /// The stamp of the innermost running driver.
    pub(super) fn running() -> u64 {
        RUNNING.with_borrow(|running| running.now)
    }

    fn runs(stamp: u64) -> bool {
        RUNNING.with_borrow(|running| {
            running.now == stamp || running.outer.iter().take(running.depth).any(|&s| s == stamp)
        })
    }

    fn stamp<D: Real>(mut x: D) -> u64 {
        x.stamp_mut().map_or(0, |stamp| *stamp)
    }

    /// The stamp of a result of `x` and `y`.
    #[inline]
    pub(crate) fn join<D: Real>(x: D, y: D) -> u64 {
        match (stamp(x), stamp(y)) {
            (x, y) if x == y || y == 0 => x,
            (0, y) => y,
            (x, y) => different::<D>(x, y, "the operands are variables of two calls of drivers"),
        }
    }

    #[inline]
    pub(super) fn check<D: Real>(number: D) {
        let (number, own) = (stamp(number), running());
        if number != 0 && number != own {
            different::<D>(own, number, "the function of a driver's call returns a variable of another call");
        }
    }

    /// Panics, unless one of the stamps belongs to a series that a driver has returned.
    #[cold]
    fn different<D>(x: u64, y: u64, what: &str) -> u64 {
        let free = |stamp: u64| stamp % 2 == 1 && !runs(stamp);
        if free(x) || free(y) {
            return if free(x) { y } else { x };
        }
        let cause = if runs(x) && runs(y) {
            "one inside the other, in numbers of the same type. Lift the outer variable, as in `Dual::constant(x)`, and \
             give the inner driver a point of that variable's type, so that its numbers are nested, `Dual<Dual<f64>>`"
        } else {
            "one of which has ended or runs on another thread. Pass on the value alone, `x.re`"
        };
        let operation = trace::running();
        let operation = match operation.name {
            "" => String::new(),
            name => format!(" (in `{name}` at {})", operation.place),
        };
        panic!("perturbation confusion in a {}{operation}: {what}, {cause}; see docs/nesting.md", type_name::<D>())
    }
}
