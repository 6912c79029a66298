//! The crate's error type.

use core::fmt;

/// The reason why a derivative cannot be computed, or is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The algorithm did not converge on the values, because they are not finite or differ too much in size.
    NoConvergence,
    /// Two eigenvalues coincide, and the derivatives of the matrix couple their eigenvectors. Neither the eigenvectors
    /// nor the single eigenvalues are differentiable.
    RepeatedEigenvalues {
        /// Their indices.
        indices: [usize; 2],
        /// Their value.
        value: f64,
    },
    /// Two singular values coincide, and the derivatives of the matrix couple their singular vectors.
    RepeatedSingularValues {
        /// Their indices.
        indices: [usize; 2],
        /// Their value.
        value: f64,
    },
    /// A singular value is 0. There it has a kink, and its singular vectors have no derivative.
    RankDeficient {
        /// The index of the singular value.
        index: usize,
    },
    /// The value of a number left the recording of a program as a plain float, so the program could not follow it.
    ValueLeft {
        /// The method through which it left.
        method: &'static str,
        /// Where the method was called.
        place: &'static core::panic::Location<'static>,
    },
    /// A point at which a program is not the function: a comparison has another outcome than where the program was
    /// recorded, or a result is not finite.
    Diverged {
        /// Where the comparison is, or `None` if a result is not finite.
        place: Option<&'static core::panic::Location<'static>>,
    },
    /// A slice has the wrong length.
    WrongLength {
        /// What the slice holds.
        what: &'static str,
        /// The length that was expected.
        expected: usize,
        /// The length of the slice.
        found: usize,
    },
    /// An entry of a sparse pattern is outside of the matrix.
    IndexOutside {
        /// `"row"` or `"column"`.
        what: &'static str,
        /// The number of the entry, counted from 0.
        entry: usize,
        /// Its row or column.
        index: usize,
        /// The number of rows or columns.
        bound: usize,
    },
    /// An element of a separable function has an index that is not that of a variable.
    NoSuchVariable {
        /// The number of the element in its kind.
        element: usize,
        /// Which of its arguments it is.
        argument: usize,
        /// The index.
        index: usize,
        /// The number of variables.
        variables: usize,
    },
    /// A coordinate of a point on a manifold is not a variable of the separable function.
    NoSuchCoordinate {
        /// The number of the point on the manifold.
        point: usize,
        /// Which of its coordinates it is.
        coordinate: usize,
        /// The index.
        index: usize,
        /// The number of variables.
        variables: usize,
    },
    /// A variable of a separable function is put on a second manifold.
    TwoManifolds {
        /// The number of the point on the second manifold.
        point: usize,
        /// The index of the variable.
        variable: usize,
    },
    /// Functions are stacked whose variables are on different manifolds.
    DifferentManifolds {
        /// The number of the function that differs from the first one.
        function: usize,
        /// The index of the first such variable.
        variable: usize,
    },
    /// Outputs that should be residuals are added to rows that are not their own.
    SharedRows {
        /// The number of the kind in its function.
        kind: usize,
    },
    /// A coordinate of the point is infinite or NaN.
    NotFinite {
        /// The index of the coordinate.
        index: usize,
        /// The coordinate.
        value: f64,
    },
    /// The columns of a matrix row of a sparse pattern do not ascend.
    NotAscending {
        /// The matrix row.
        row: usize,
        /// A column.
        before: usize,
        /// The column after it, which is not larger.
        found: usize,
    },
    /// A matrix row of a sparse pattern starts at the wrong position.
    WrongStart {
        /// The matrix row, or the number of rows for the end of the last one.
        row: usize,
        /// The least position at which it may start.
        least: usize,
        /// The last position at which it may start.
        most: usize,
        /// The position at which it starts.
        found: usize,
    },
    /// The colors of a sparse matrix do not tell an entry apart from others.
    NotRecoverable {
        /// The row of the entry.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// A plan for a sparse derivative is passed to a driver for another kind.
    WrongPlan {
        /// What the driver expects to be colored.
        expected: &'static str,
        /// What the plan colors.
        found: &'static str,
    },
    /// A derivative is not 0, and the sparse pattern has no entry for it.
    MissingEntry {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The derivative.
        value: f64,
    },
    /// A program calls an operation that C does not have.
    NotInC {
        /// The name of the operation.
        operation: &'static str,
    },
    /// A program calls a function that does not replay, so it cannot be printed as source.
    NoText {
        /// Where the function was called.
        place: &'static core::panic::Location<'static>,
    },
    /// Derivatives of a function from outside are needed, and were not given.
    MissingDerivative {
        /// The name of the function.
        function: &'static str,
        /// The order of the derivatives.
        order: u32,
        /// The methods of [`external::Function`](crate::external::Function) that give them; of order 3 there are none.
        given_by: &'static str,
    },
    /// A closure of a function from outside failed.
    ExternalFailed {
        /// The name of the function.
        function: &'static str,
        /// What the closure computes.
        part: &'static str,
        /// The reason that it returned.
        reason: &'static str,
    },
    /// A closure of a function from outside made a NaN of arguments without NaN, or left out an entry of its result.
    ExternalNan {
        /// The name of the function.
        function: &'static str,
        /// What the closure computes.
        part: &'static str,
        /// The index of the entry.
        index: usize,
    },
    /// A derivative disagrees with a difference quotient of the values.
    WrongDerivative {
        /// The index of the output.
        row: usize,
        /// The index of the variable.
        column: usize,
        /// The derivative.
        derivative: f64,
        /// The difference quotient.
        quotient: f64,
    },
    /// A derivative in forward mode is not that in reverse mode.
    ModesDiffer {
        /// The index of the output, or the row of a Hessian.
        row: usize,
        /// The index of the variable.
        column: usize,
        /// The derivative in forward mode.
        forward: f64,
        /// The derivative in reverse mode.
        reverse: f64,
    },
    /// A constrained parameter is not between its bounds.
    OutsideBounds {
        /// The index of the number.
        index: usize,
        /// The number.
        value: f64,
        /// The bound above which it must be.
        lower: f64,
        /// The bound below which it must be.
        upper: f64,
    },
    /// A constrained parameter is not in its set, for instance because its sum is not 1.
    NotConstrained {
        /// The index of the number at which it is not, or of the first number of a sum or a length.
        index: usize,
        /// What is wrong.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoConvergence => f.write_str("the factorization of the values did not converge"),
            Self::RepeatedEigenvalues { indices: [i, j], value } => {
                write!(f, "eigenvalues {i} and {j} are both {value:e}, where their eigenvectors are not differentiable")
            }
            Self::RepeatedSingularValues { indices: [i, j], value } => {
                write!(f, "singular values {i} and {j} are both {value:e}, where their vectors are not differentiable")
            }
            Self::RankDeficient { index } => {
                write!(f, "singular value {index} is 0, where it and its vectors are not differentiable")
            }
            Self::ValueLeft { method, place } => {
                write!(
                    f,
                    "a value left the recording as a plain float, by `{method}` at {place}; pass it as an input, or "
                )?;
                f.write_str("compute with the number itself")
            }
            Self::Diverged { place: Some(place) } => {
                write!(f, "the comparison at {place} has another outcome here than where the program was recorded")
            }
            Self::Diverged { place: None } => f.write_str("a result of the program is not finite here"),
            Self::WrongLength { what, expected, found } => {
                write!(f, "{expected} {what} were expected, and there are {found}")
            }
            Self::IndexOutside { what, entry, index, bound } => {
                write!(f, "entry {entry} of the pattern has the {what} {index}, which is not below {bound}")
            }
            Self::NoSuchVariable { element, argument, index, variables } => {
                write!(f, "argument {argument} of element {element} is variable {index}, and there are {variables}")
            }
            Self::NoSuchCoordinate { point, coordinate, index, variables } => {
                write!(f, "coordinate {coordinate} of point {point} is variable {index}, and there are {variables}")
            }
            Self::TwoManifolds { point, variable } => {
                write!(f, "variable {variable} of point {point} is on another manifold already")
            }
            Self::DifferentManifolds { function, variable } => {
                write!(f, "variable {variable} is not on the same manifold in function {function} as in function 0")
            }
            Self::SharedRows { kind } => {
                write!(f, "the outputs of kind {kind} are added to given rows, so they are no residuals of their own")
            }
            Self::NotFinite { index, value } => write!(f, "coordinate {index} of the point is {value}"),
            Self::NotAscending { row, before, found } => {
                write!(f, "matrix row {row}: column {found} follows column {before}, and columns must ascend")
            }
            Self::WrongStart { row, least, most, found } => {
                write!(f, "matrix row {row} starts at position {found}, and must start from {least} to {most}")
            }
            Self::NotRecoverable { row, column } => {
                write!(f, "the entry ({row}, {column}) cannot be recovered with these colors")
            }
            Self::WrongPlan { expected, found } => {
                write!(f, "the plan has colors for {found}, and the driver needs colors for {expected}")
            }
            Self::MissingEntry { row, column, value } => {
                write!(f, "the pattern has no entry ({row}, {column}), and the derivative there is {value}")
            }
            Self::NotInC { operation } => write!(f, "C has no function for the operation `{operation}`"),
            Self::NoText { place } => {
                write!(f, "the program calls the function at {place}, which is not recorded and so has no text")
            }
            Self::MissingDerivative { function, order: 3, .. } => {
                write!(
                    f,
                    "third derivatives of the external function `{function}` are missing: it can have first and second ones"
                )
            }
            Self::MissingDerivative { function, order, given_by } => {
                let order = if *order == 1 { "first" } else { "second" };
                write!(f, "{order} derivatives of the external function `{function}` are missing: it has no {given_by}")
            }
            Self::ExternalFailed { function, part, reason } => {
                write!(f, "the external function `{function}` failed to compute {part}: {reason}")
            }
            Self::ExternalNan { function, part, index } => {
                write!(f, "entry {index} of {part} of the external function `{function}` is NaN, or was not written")
            }
            Self::WrongDerivative { row, column, derivative, quotient } => {
                write!(f, "column {column}, row {row}: the derivative is {derivative}, central differences give ")?;
                // A difference quotient has no more correct digits than an `f32`, which prints 0.999999999987 as 1.
                let short = *quotient as f32;
                if short.is_normal() || *quotient == 0.0 { write!(f, "{short}") } else { write!(f, "{quotient:e}") }
            }
            Self::ModesDiffer { row, column, forward, reverse } => {
                write!(f, "column {column}, row {row}: forward mode gives {forward}, reverse mode gives {reverse}")
            }
            Self::OutsideBounds { index, value, lower, upper } => {
                write!(f, "constrained value {index} is {value}, and must be ")?;
                match (lower.is_finite(), upper.is_finite()) {
                    (true, true) => write!(f, "between {lower} and {upper}"),
                    (true, false) => write!(f, "above {lower}"),
                    (false, true) => write!(f, "below {upper}"),
                    (false, false) => f.write_str("finite"),
                }
            }
            Self::NotConstrained { index, what, value, must } => {
                write!(f, "constrained value {index}: {what} is {value}, and must be {must}")
            }
        }
    }
}

impl core::error::Error for Error {}

/// Checks the length of a slice.
pub(crate) fn length(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::WrongLength { what, expected, found }) }
}
