//! One node for many operands: their records, and runs of operands whose nodes follow one another.

use super::push::{check_kin, following, push, push_run, try_push};
use super::record::{JOINED, NONE, RUN};
use crate::real::Real;

/// An operand: the id of its recording, its node, and the slope in the node.
pub(super) type Term<T> = (u64, u32, T);

/// Appends one node with the value `re` for all operands that are no constants and whose slopes are not 0, which a recording of
/// a program asks, because the records and so the rounding depend on it. Returns the node
/// with the slope 1, and true. If there is only one such operand, nothing is appended, and that one is returned; if there is
/// none, the node is [`NONE`].
pub(super) fn gather<T: Real>(re: T, mut terms: impl Iterator<Item = Term<T>>) -> (Term<T>, bool) {
    // The operand that waits for a second one, and the record before: in single words, which stay in registers.
    let (mut id, mut node, mut slope, mut goes_on, mut last) = (0, NONE, T::absent(), 0, NONE);
    // A few neighbors are not worth a run; slopes that are numbers would take much of the stack.
    let (many, mut run) = (T::ORDER == 0 && terms.size_hint().1.is_none_or(|most| most > 12), None);
    // The loops are left for all that is rare: a call in them would keep in memory what the iterator counts.
    while let Err((other, s)) = terms.try_for_each(|(x_id, x_node, s)| {
        if x_node == NONE || s.is_zero() {
            return Ok(());
        }
        if node == NONE {
            (id, node, slope) = (x_id, x_node, s);
            return Ok(());
        }
        if id != x_id {
            check_kin::<T>([id, x_id]);
        }
        if node == x_node {
            slope += s;
            return Ok(());
        }
        if many && node + 1 == x_node {
            return Err((x_node, s));
        }
        let new = try_push(id, (node | goes_on, x_node), slope, s).ok_or((x_node, s))?;
        last = following(last, new, goes_on);
        (node, goes_on) = (NONE, JOINED);
        Ok(())
    }) {
        let run = run.get_or_insert([T::Float::lit(0.0); RUN]);
        let (mut count, mut over, mut ended) = (0, None, false);
        if many && node + 1 == other {
            (run[0], run[1]) = (slope.float(), s.float());
            (count, over) = neighbors((id, node), run, &mut terms);
            ended = over.is_none();
        }
        let new;
        (id, new) = if count > 2 {
            push_run(id, node | goes_on, &run[..count], re)
        } else {
            push(id, (node | goes_on, other), slope, s, re)
        };
        last = following(last, new, goes_on);
        (node, slope) = over.unwrap_or((NONE, slope));
        goes_on = JOINED;
        if ended {
            break;
        }
    }
    if goes_on == 0 {
        return ((id, node, slope), false);
    }
    if node != NONE {
        let new;
        (id, new) = push(id, (node | goes_on, NONE), slope, T::absent(), re);
        last = following(last, new, goes_on);
    }
    ((id, last, T::one()), true)
}

/// Fills a run from its third slope on, as long as nodes follow one another: how many it has, and the term beyond.
///
/// A function of its own, so that what the iterator counts is kept in registers here.
#[inline(never)]
fn neighbors<T: Real>(
    (id, first): (u64, u32),
    run: &mut [T::Float; RUN],
    terms: &mut impl Iterator<Item = Term<T>>,
) -> (usize, Option<(u32, T)>) {
    let mut count = 2;
    let over = terms.try_for_each(|(x_id, x_node, s)| {
        if count < RUN && (x_id, x_node) == (id, first + count as u32) {
            run[count] = s.float();
            count += 1;
            return Ok(());
        }
        if x_node == NONE || s.is_zero() {
            return Ok(());
        }
        if id != x_id {
            check_kin::<T>([id, x_id]);
        }
        Err((x_node, s))
    });
    (count, over.err())
}
