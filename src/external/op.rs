//! What is asked of a function from outside: its value, and its first and second derivatives multiplied by vectors.

use alloc::vec::Vec;

/// A product of a derivative of `F` with vectors. The first argument is the point x, the others are vectors, in which the
/// product is linear: directions u and v among the inputs, and weights w of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `F(x)`
    Value,
    /// `J(x)·v` of (x, v)
    Along,
    /// `wᵀJ(x)` of (x, w)
    Back,
    /// `D²F(x)[u, v]` of (x, u, v)
    Second,
    /// `∇²(wᵀF)(x)·v` of (x, w, v)
    Curved,
}

impl Op {
    /// How it is written in messages.
    pub(crate) fn formula(self) -> &'static str {
        match self {
            Self::Value => "F(x)",
            Self::Along => "J·v",
            Self::Back => "wᵀJ",
            Self::Second => "D²F[u, v]",
            Self::Curved => "∇²(wᵀF)·v",
        }
    }

    /// The order of the derivative, and the methods of `Function` by which it is given.
    pub(crate) fn given_by(self) -> (u32, &'static str) {
        match self {
            Self::Value => (0, "value"),
            Self::Along => (1, "`jvp` or `jacobian`"),
            Self::Back => (1, "`vjp` or `jacobian`"),
            Self::Second => (2, "`second` or `hvp`"),
            Self::Curved => (2, "`hvp`"),
        }
    }

    /// Whether the result has an entry for each input, and not for each output.
    pub(crate) fn is_of_inputs(self) -> bool {
        matches!(self, Self::Back | Self::Curved)
    }

    /// Its derivative in x along a direction, which is one argument more.
    pub(crate) fn next(self) -> Option<Self> {
        match self {
            Self::Value => Some(Self::Along),
            Self::Along => Some(Self::Second),
            Self::Back => Some(Self::Curved),
            Self::Second | Self::Curved => None,
        }
    }

    /// Weights of the result times the derivative in argument k, as long as that is of first or second order: the operation, and
    /// which arguments it has, where the one after the last are the weights.
    #[cfg(feature = "std")]
    pub(crate) fn transposed(self, k: usize) -> Option<(Self, &'static [usize])> {
        match (self, k) {
            (Self::Value, _) => Some((Self::Back, &[0, 1])),
            (Self::Along, 0) => Some((Self::Curved, &[0, 2, 1])),
            (Self::Along, _) => Some((Self::Back, &[0, 2])),
            (Self::Back, 0) => Some((Self::Curved, &[0, 1, 2])),
            (Self::Back, _) => Some((Self::Along, &[0, 2])),
            (Self::Second | Self::Curved, _) => None,
        }
    }
}

/// The terms of the derivative of `op` along `slopes`, one for each argument that has slopes.
pub(crate) fn terms<'a, T>(
    op: Op,
    args: &[&'a [T]],
    slopes: &[Option<&'a [T]>],
) -> impl Iterator<Item = (Op, Vec<&'a [T]>)> {
    slopes.iter().enumerate().filter_map(move |(k, slope)| {
        let (slope, mut args) = ((*slope)?, args.to_vec());
        if k == 0 {
            args.push(slope);
            return Some((op.next().expect("a derivative of a lower order"), args));
        }
        args[k] = slope;
        Some((op, args))
    })
}
