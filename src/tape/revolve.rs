//! The binomial schedule: which states of a loop are stored, so that few steps are repeated.
//!
//! See Griewank & Walther, *Algorithm 799: revolve*, ACM TOMS 26, 2000.

/// `(c + r choose c)`: how many steps can be reversed with c stored states if none is run more than r times before it is
/// recorded.
fn beta(c: isize, r: isize) -> u128 {
    if c < 0 || r < 0 {
        return 0;
    }
    let (small, sum) = (c.min(r) as u128, (c + r) as u128);
    // A number beyond all counts is as good as the true one.
    (1..=small).fold(1_u128, |b, k| b.saturating_mul(sum - small + k) / k)
}

/// Where to store the next state of a stretch of steps, if there are `states` with the one at its start (Griewank & Walther
/// 2000, theorem 1).
pub(super) fn split(steps: usize, states: usize) -> usize {
    // More states than steps are of no use.
    let (l, s) = (steps as u128, states.min(steps) as isize);
    let r = (0..).find(|&r| beta(s, r) >= l).expect("it grows without bound");
    let stop = if l <= beta(s, r - 1) + beta(s - 2, r - 1) {
        beta(s, r - 2)
    } else if l + beta(s - 3, r) >= beta(s, r) {
        beta(s, r - 1)
    } else {
        l - beta(s - 1, r - 1) - beta(s - 2, r - 1)
    };
    (stop as usize).clamp(1, steps - 1)
}
